// Stores, brokers and consoles beside an ML platform, known by the image of their container: which
// of them ask for a password, and which still have the one they ship with. Environment variables as
// the images' own pages on the registry and the products' documentation name them.
#include <algorithm>

#include "base/text.h"
#include "dialects/dialect.h"
#include "model/service.h"

namespace parapet::dialects {
namespace {

enum class Auth : std::uint8_t { unsettled, none, password };

// The value of an environment variable of the container, "" when absent.
std::string_view env(const Fact& c, std::string_view name) { return c.get("env." + std::string(name)); }
bool has_env(const Fact& c, std::string_view name) { return c.has("env." + std::string(name)); }
bool is_true(std::string_view s) {
  std::string v = lower(s);
  return v == "true" || v == "1" || v == "yes";
}
bool is_false(std::string_view s) {
  std::string v = lower(s);
  return v == "false" || v == "0" || v == "no";
}
// Is a configuration file of its own mounted? Then the environment does not tell all.
bool mounts_config(const Fact& c) {
  for (const Attribute& a : c.attributes)
    if (a.name == "mount" && (contains(a.value, ".conf") || contains(a.value, ".yaml") || contains(a.value, ".yml"))) return true;
  return false;
}
bool command_has(const Fact& c, std::string_view word) {
  for (const Attribute& a : c.attributes)
    if (a.name == "command" && contains(a.value, word)) return true;
  return false;
}

Auth qdrant(const Fact& c) { return has_env(c, "QDRANT__SERVICE__API_KEY") ? Auth::password : mounts_config(c) ? Auth::unsettled : Auth::none; }
Auth milvus(const Fact& c) {
  if (is_true(env(c, "COMMON_SECURITY_AUTHORIZATIONENABLED"))) return Auth::password;
  return mounts_config(c) ? Auth::unsettled : Auth::none;
}
Auth weaviate(const Fact& c) {
  if (is_true(env(c, "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED"))) return Auth::none;
  bool keyed = is_true(env(c, "AUTHENTICATION_APIKEY_ENABLED")) || is_true(env(c, "AUTHENTICATION_OIDC_ENABLED"));
  return keyed ? Auth::password : Auth::none;
}
Auth chroma(const Fact& c) {
  bool keyed = has_env(c, "CHROMA_SERVER_AUTHN_PROVIDER") || has_env(c, "CHROMA_SERVER_AUTH_PROVIDER");
  return keyed ? Auth::password : mounts_config(c) ? Auth::unsettled : Auth::none;
}
Auth elasticsearch(const Fact& c) { return is_false(env(c, "xpack.security.enabled")) ? Auth::none : Auth::unsettled; }
Auth opensearch(const Fact& c) {
  return is_true(env(c, "DISABLE_SECURITY_PLUGIN")) || is_true(env(c, "plugins.security.disabled")) ? Auth::none : Auth::unsettled;
}
Auth redis(const Fact& c) {
  if (is_true(env(c, "ALLOW_EMPTY_PASSWORD"))) return Auth::none;
  if (has_env(c, "REDIS_PASSWORD") || command_has(c, "requirepass") || command_has(c, "aclfile")) return Auth::password;
  return mounts_config(c) || command_has(c, ".conf") ? Auth::unsettled : Auth::none;
}
Auth postgres(const Fact& c) {
  if (env(c, "POSTGRES_HOST_AUTH_METHOD") == "trust") return Auth::none;
  return has_env(c, "POSTGRES_PASSWORD") || has_env(c, "POSTGRES_PASSWORD_FILE") ? Auth::password : Auth::unsettled;
}
Auth mongo(const Fact& c) {
  bool keyed = has_env(c, "MONGO_INITDB_ROOT_USERNAME") || has_env(c, "MONGO_INITDB_ROOT_USERNAME_FILE") || command_has(c, "--auth");
  return keyed ? Auth::password : mounts_config(c) ? Auth::unsettled : Auth::none;
}
Auth neo4j(const Fact& c) { return env(c, "NEO4J_AUTH") == "none" ? Auth::none : Auth::unsettled; }
Auth clickhouse(const Fact& c) { return is_true(env(c, "CLICKHOUSE_SKIP_USER_SETUP")) ? Auth::none : Auth::unsettled; }
Auth kafka(const Fact& c) {
  for (const Attribute& a : c.attributes)
    if (a.name.ends_with("LISTENER_SECURITY_PROTOCOL_MAP") && contains(a.value, "SASL")) return Auth::password;
  bool sasl = has_env(c, "KAFKA_CFG_SASL_ENABLED_MECHANISMS") || has_env(c, "KAFKA_CLIENT_USERS") || has_env(c, "KAFKA_SASL_ENABLED_MECHANISMS");
  if (sasl) return Auth::password;
  for (const Attribute& a : c.attributes)
    if (a.name.starts_with("env.KAFKA") && a.name.ends_with("LISTENERS") && contains(a.value, "PLAINTEXT://") && !contains(a.value, "SASL_"))
      return Auth::none;
  return is_true(env(c, "ALLOW_PLAINTEXT_LISTENER")) ? Auth::none : Auth::unsettled;
}
Auth zookeeper(const Fact& c) { return is_true(env(c, "ALLOW_ANONYMOUS_LOGIN")) ? Auth::none : Auth::unsettled; }
Auth unsettled(const Fact&) { return Auth::unsettled; }
Auth always_open(const Fact&) { return Auth::none; }

struct Store {
  std::string_view image;  // last part of the image's name, without tag
  std::string_view product, port;
  Auth (*auth)(const Fact&);
};
constexpr Store known[] = {
    {"qdrant", "qdrant", "6333", qdrant},           {"milvus", "milvus", "19530", milvus},
    {"weaviate", "weaviate", "8080", weaviate},     {"chroma", "chroma", "8000", chroma},
    {"elasticsearch", "elasticsearch", "9200", elasticsearch}, {"opensearch", "opensearch", "9200", opensearch},
    {"redis", "redis", "6379", redis},              {"valkey", "redis", "6379", redis},
    {"redis-stack", "redis", "6379", redis},        {"postgres", "postgres", "5432", postgres},
    {"pgvector", "postgres", "5432", postgres},     {"postgresql", "postgres", "5432", postgres},
    {"timescaledb", "postgres", "5432", postgres},  {"mongo", "mongodb", "27017", mongo},
    {"mongodb", "mongodb", "27017", unsettled},     {"neo4j", "neo4j", "7474", neo4j},
    {"clickhouse-server", "clickhouse", "8123", clickhouse}, {"kafka", "kafka", "9092", kafka},
    {"cp-kafka", "kafka", "9092", kafka},           {"zookeeper", "zookeeper", "2181", zookeeper},
    {"memcached", "memcached", "11211", always_open}, {"minio", "minio", "9000", unsettled},
    {"rabbitmq", "rabbitmq", "5672", unsettled},    {"grafana", "grafana", "3000", unsettled}};

// Accounts that products ship with: a variable for the user, one for the password, the shipped pair.
struct Shipped {
  std::string_view product, user_variable, password_variable, user, password;
  bool when_absent = false;  // the pair holds when the variables are not set
};
constexpr Shipped shipped[] = {
    {"minio", "MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "minioadmin", "minioadmin", true},
    {"minio", "MINIO_ROOT_USER", "MINIO_ROOT_PASSWORD", "minio", "minio123"},
    {"minio", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY", "minioadmin", "minioadmin"},
    {"minio", "MINIO_ACCESS_KEY", "MINIO_SECRET_KEY", "minio", "minio123"},
    {"postgres", "POSTGRES_USER", "POSTGRES_PASSWORD", "postgres", "postgres"},
    {"postgres", "POSTGRES_USER", "POSTGRES_PASSWORD", "", "postgres"},
    {"postgres", "POSTGRES_USER", "POSTGRES_PASSWORD", "airflow", "airflow"},
    {"postgres", "POSTGRES_USER", "POSTGRES_PASSWORD", "mlflow", "mlflow"},
    {"rabbitmq", "RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS", "guest", "guest"},
    {"neo4j", "", "NEO4J_AUTH", "", "neo4j/neo4j"},
    {"neo4j", "", "NEO4J_AUTH", "", "neo4j/password"},
    {"grafana", "GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD", "", "admin"},
    {"elasticsearch", "", "ELASTIC_PASSWORD", "", "changeme"},
    {"airflow", "_AIRFLOW_WWW_USER_USERNAME", "_AIRFLOW_WWW_USER_PASSWORD", "", "airflow"},
    {"label-studio", "LABEL_STUDIO_USERNAME", "LABEL_STUDIO_PASSWORD", "", "password"},
    {"litellm", "", "LITELLM_MASTER_KEY", "", "sk-1234"},
    {"open-webui", "", "WEBUI_SECRET_KEY", "", "t0p-s3cr3t"},
    {"langflow", "LANGFLOW_SUPERUSER", "LANGFLOW_SUPERUSER_PASSWORD", "", "langflow"},
    {"jupyter", "", "JUPYTER_TOKEN", "", "jupyter"}};

std::string image_name(const Fact& c) {
  std::string_view ref = c.get("image");
  ref = ref.substr(0, ref.find('@'));
  std::string_view last = ref.substr(ref.rfind('/') == std::string_view::npos ? 0 : ref.rfind('/') + 1);
  return lower(last.substr(0, last.find(':')));
}

void report_shipped(Sink& sink, std::int32_t index, const std::string& image) {
  for (const Shipped& s : shipped) {
    const Fact& c = sink.fact(index);
    std::string_view user = env(c, s.user_variable);
    bool set = has_env(c, s.password_variable);
    bool pair = set && env(c, s.password_variable) == s.password && (s.user.empty() ? true : user == s.user);
    bool absent = s.when_absent && !set && !has_env(c, s.user_variable) && image == s.product &&
                  !has_env(c, std::string(s.password_variable) + "_FILE") && c.get("via") == "compose" &&
                  !c.has("env_from") && !c.has("env_file");
    if (!pair && !absent) continue;
    Fact f{"identity", {}, c.place, {}, index};
    f.set("product", s.product).set("user", user.empty() ? (s.user.empty() ? "its administrator" : s.user) : user).set("secret", "default");
    f.says = std::string(pair ? s.password_variable : "no ") + (pair ? " is the shipped value" : std::string(s.password_variable) + ": the shipped value holds");
    sink.add(std::move(f));
    return;
  }
}

void understand(const Artifact&, Sink& sink) {
  auto count = static_cast<std::int32_t>(sink.facts().size());
  for (std::int32_t i = 0; i < count && sink.next(); ++i) {
    if (sink.fact(i).kind != "container") continue;
    std::string image = image_name(sink.fact(i));
    report_shipped(sink, i, image);
    const Store* store = std::find_if(std::begin(known), std::end(known), [&](const Store& s) { return s.image == image; });
    if (store == std::end(known)) continue;
    const Fact& c = sink.fact(i);
    Auth auth = c.has("env_from") || c.has("env_file") ? Auth::unsettled : store->auth(c);
    std::string_view word = auth == Auth::none ? "none" : auth == Auth::password ? "password" : "";
    Fact f = service_fact(store->product, "0.0.0.0", store->port, reach_of_container(c), word, c, i);
    sink.add(std::move(f));
  }
}

}  // namespace

extern const Dialect stores;
const Dialect stores{"stores", "vector stores, databases, caches, brokers and object stores by their image", nullptr, understand};

}  // namespace parapet::dialects
