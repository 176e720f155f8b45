// Stores beside the models, as containers: vector stores, caches, databases, object stores,
// brokers.
#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

struct Store {
  std::string_view image, product, port;
  std::string_view password;     // variable that sets a password or key: with it "password"
  std::string_view open;         // "NAME=value" that switches accounts off
  bool open_by_default = false;  // without either, anyone may use it
};
constexpr Store stores[] = {
    {"qdrant/qdrant", "qdrant", "6333", "QDRANT__SERVICE__API_KEY", "", true},
    {"milvusdb/milvus", "milvus", "19530", "", "", true},
    {"semitechnologies/weaviate", "weaviate", "8080", "AUTHENTICATION_APIKEY_ENABLED",
     "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=true", true},
    {"weaviate/weaviate", "weaviate", "8080", "AUTHENTICATION_APIKEY_ENABLED",
     "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED=true", true},
    {"chromadb/chroma", "chroma", "8000", "CHROMA_SERVER_AUTHN_PROVIDER", "", true},
    {"chroma-core/chroma", "chroma", "8000", "CHROMA_SERVER_AUTHN_PROVIDER", "", true},
    {"elasticsearch", "elasticsearch", "9200", "ELASTIC_PASSWORD", "xpack.security.enabled=false",
     false},
    {"opensearchproject/opensearch", "opensearch", "9200", "OPENSEARCH_INITIAL_ADMIN_PASSWORD",
     "DISABLE_SECURITY_PLUGIN=true", false},
    {"redis", "redis", "6379", "REDIS_PASSWORD", "ALLOW_EMPTY_PASSWORD=yes", true},
    {"redis-stack", "redis", "6379", "REDIS_ARGS", "", true},
    {"redis-stack-server", "redis", "6379", "REDIS_ARGS", "", true},
    {"valkey", "redis", "6379", "VALKEY_PASSWORD", "ALLOW_EMPTY_PASSWORD=yes", true},
    {"postgres", "postgres", "5432", "POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD=trust", false},
    {"pgvector", "postgres", "5432", "POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD=trust", false},
    {"mysql", "mysql", "3306", "MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD=yes", false},
    {"mariadb", "mysql", "3306", "MARIADB_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=yes",
     false},
    {"mongo", "mongodb", "27017", "MONGO_INITDB_ROOT_PASSWORD", "", true},
    {"neo4j", "neo4j", "7474", "NEO4J_AUTH", "NEO4J_AUTH=none", false},
    {"minio/minio", "minio", "9000", "MINIO_ROOT_PASSWORD", "", false},
    {"bitnami/minio", "minio", "9000", "MINIO_ROOT_PASSWORD", "", false},
    {"rabbitmq", "rabbitmq", "5672", "RABBITMQ_DEFAULT_PASS", "", false},
    {"grafana/grafana", "grafana", "3000", "GF_SECURITY_ADMIN_PASSWORD",
     "GF_AUTH_ANONYMOUS_ENABLED=true", false},
    {"open-webui/open-webui", "open-webui", "8080", "", "WEBUI_AUTH=False", false},
    {"langflowai/langflow", "langflow", "7860", "", "LANGFLOW_AUTO_LOGIN=true", false},
    {"flowiseai/flowise", "flowise", "3000", "FLOWISE_PASSWORD", "", true},
    {"heartexlabs/label-studio", "label-studio", "8080", "LABEL_STUDIO_PASSWORD", "", false}};

struct Account {
  std::string_view product, user, password;
};
// Pairs that products ship or their first-steps guides print.
constexpr Account shipped[] = {{"minio", "minioadmin", "minioadmin"},
                               {"minio", "minio", "minio123"},
                               {"postgres", "postgres", "postgres"},
                               {"postgres", "airflow", "airflow"},
                               {"postgres", "mlflow", "mlflow"},
                               {"rabbitmq", "guest", "guest"},
                               {"elasticsearch", "elastic", "changeme"},
                               {"grafana", "admin", "admin"},
                               {"neo4j", "neo4j", "neo4j"},
                               {"mysql", "root", "root"},
                               {"mongodb", "root", "root"},
                               {"mongodb", "root", "example"},
                               {"milvus", "root", "Milvus"},
                               {"label-studio", "", "password"}};
constexpr std::string_view user_variables[] = {"POSTGRES_USER",
                                               "MINIO_ROOT_USER",
                                               "MINIO_ACCESS_KEY",
                                               "RABBITMQ_DEFAULT_USER",
                                               "MONGO_INITDB_ROOT_USERNAME",
                                               "GF_SECURITY_ADMIN_USER",
                                               "MYSQL_USER"};
constexpr std::string_view password_variables[] = {
    "POSTGRES_PASSWORD",          "MINIO_ROOT_PASSWORD",        "MINIO_SECRET_KEY",
    "RABBITMQ_DEFAULT_PASS",      "MONGO_INITDB_ROOT_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD",
    "MYSQL_ROOT_PASSWORD",        "ELASTIC_PASSWORD",           "LABEL_STUDIO_PASSWORD",
    "_AIRFLOW_WWW_USER_PASSWORD", "FLOWISE_PASSWORD",           "LANGFLOW_SUPERUSER_PASSWORD"};

const Store* store_of(std::string_view image) {
  std::string name = image_name(image);
  for (const Store& s : stores) {
    bool one_word = !contains(s.image, "/");
    std::string_view last = file_name(name);
    if (name == s.image || name.ends_with("/" + std::string(s.image)) ||
        (one_word && last == s.image))
      return &s;
  }
  return nullptr;
}

bool env_is(const Fact& c, std::string_view pair) {
  auto [name, value, found] = split_once(pair, "=");
  const Attribute* a = c.find("env." + std::string(name));
  return found && a != nullptr && a->known && equals_ignoring_case(a->value, value);
}

// The command line of the container's process, which may set a password or switch one off.
std::string command_of(const Sink& sink, std::int32_t container, bool& complete) {
  std::string out;
  complete = true;
  // A container's processes are put right after it.
  for (auto i = static_cast<std::size_t>(container) + 1;
       i < sink.facts().size() && sink.facts()[i].kind != "container"; ++i) {
    const Fact& f = sink.facts()[i];
    if (f.kind != "process" || f.of != container) continue;
    out += std::string(f.get("line")) + "\n";
    complete = complete && is_complete(sink, f);
  }
  return out;
}

void add_identity(Sink& sink, std::int32_t i, const Fact& c, const Store& s) {
  std::string_view user;
  for (std::string_view v : user_variables)
    if (c.has("env." + std::string(v))) user = c.get("env." + std::string(v));
  if (user.empty() && s.product == "postgres") user = "postgres";
  if (user.empty() && s.product == "elasticsearch") user = "elastic";
  for (std::string_view v : password_variables) {
    const Attribute* a = c.find("env." + std::string(v));
    if (a == nullptr || !a->known) continue;
    bool is_default = a->value == user && !user.empty();
    for (const Account& d : shipped)
      is_default = is_default || (d.product == s.product && a->value == d.password);
    Fact f{"identity",
           {},
           c.place,
           std::string(s.product) + "'s account " + printable(user, 40) +
               " has its password in the file"};
    f.set("product", s.product).set("user", user).set("role", "admin").set("variable", v);
    f.set("secret", a->value.empty()           ? "empty"
                    : is_default               ? "default"
                    : is_placeholder(a->value) ? "empty"
                                               : "literal");
    f.of = i;
    sink.add(std::move(f));
  }
}

void understand(const Artifact&, Sink& sink) {
  each_fact(sink, "container", [&](std::int32_t i, const Fact& c) {
    if (c.get("via") == "dockerfile") return;
    const Store* s = store_of(c.get("image"));
    if (s == nullptr) return;
    bool complete = true;
    std::string line = command_of(sink, i, complete);
    complete =
        complete && !c.has("env_file") && !contains(line, ".conf") && !contains(line, "config");
    // A configuration file may set what neither variables nor flags do.
    for (const Attribute& a : c.attributes)
      if (a.name == "mount")
        complete = complete && !contains(a.value, ".conf") && !contains(a.value, ".yaml") &&
                   !contains(a.value, ".yml") && !contains(a.value, "config");
    bool password = !s->password.empty() && c.has("env." + std::string(s->password));
    password = password || contains(line, "requirepass") || contains(line, "--auth") ||
               contains(line, "aclfile") || contains(line, "--password");
    std::string auth;
    if (!s->open.empty() && env_is(c, s->open))
      auth = "none";
    else if (password)
      auth = "password";
    else if (s->open_by_default && complete)
      auth = "none";
    Serving serving{
        s->product, {"0.0.0.0", true, false}, {std::string(s->port), true, false}, auth, {}, {}};
    if (c.get("via") == "compose" || c.get("via") == "kubernetes") add_service(sink, i, serving);
    add_identity(sink, i, c, *s);
  });
}

}  // namespace

extern const Dialect vector_stores;
const Dialect vector_stores{"vector_stores",
                            "Vector stores, databases, caches and object stores as containers",
                            nullptr, understand};

}  // namespace parapet::dialects
