// Brokers and caches that vector_stores does not know: who is let in, by the image of their
// container. Environment variables as the images' own pages document them.
#include <algorithm>

#include "base/text.h"
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

// The value of an environment variable of the container, "" when absent.
std::string_view env(const Fact& c, std::string_view name) {
  return c.get("env." + std::string(name));
}
bool is_yes(std::string_view s) {
  std::string v = lower(s);
  return v == "true" || v == "1" || v == "yes";
}

// "" where the environment does not settle it.
std::string_view kafka(const Fact& c) {
  for (const Attribute& a : c.attributes)
    if (contains(a.name, "SASL") || contains(a.value, "SASL_")) return "password";
  for (const Attribute& a : c.attributes)
    if (a.name.starts_with("env.KAFKA") && a.name.ends_with("LISTENERS") &&
        contains(a.value, "PLAINTEXT://"))
      return "none";
  return is_yes(env(c, "ALLOW_PLAINTEXT_LISTENER")) ? "none" : "";
}
std::string_view zookeeper(const Fact& c) {
  return is_yes(env(c, "ALLOW_ANONYMOUS_LOGIN")) ? "none" : "";
}
std::string_view clickhouse(const Fact& c) {
  return is_yes(env(c, "CLICKHOUSE_SKIP_USER_SETUP")) ? "none" : "";
}
std::string_view always_open(const Fact&) { return "none"; }

struct Broker {
  std::string_view image;  // last part of the image's name
  std::string_view product, port;
  std::string_view (*auth)(const Fact&);
};
constexpr Broker known[] = {{"kafka", "kafka", "9092", kafka},
                            {"cp-kafka", "kafka", "9092", kafka},
                            {"zookeeper", "zookeeper", "2181", zookeeper},
                            {"clickhouse-server", "clickhouse", "8123", clickhouse},
                            {"memcached", "memcached", "11211", always_open}};

std::string last_of_image(std::string_view ref) {
  ref = ref.substr(0, ref.find('@'));
  ref = file_name(ref);
  return lower(ref.substr(0, ref.find(':')));
}

void understand(const Artifact&, Sink& sink) {
  each_fact(sink, "container", [&](std::int32_t index, const Fact& c) {
    std::string image = last_of_image(c.get("image"));
    for (const Broker& b : known)
      if (b.image == image)
        add_service(sink, index,
                    {b.product,
                     {"0.0.0.0", true, false},
                     {std::string(b.port), true, false},
                     std::string(b.auth(c))});
  });
}

}  // namespace

extern const Dialect brokers;
const Dialect brokers{"brokers", "message brokers and caches by their image", nullptr, understand};

}  // namespace parapet::dialects
