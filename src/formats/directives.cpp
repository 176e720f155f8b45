// Files of one directive a line: nginx, mosquitto, sshd, redis, haproxy.
// https://nginx.org/en/docs/beginners_guide.html#conf_structure
#include "syntax/directives.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  if (text::named(a, {"nginx", "vhost"},
                  {"nginx.conf", "mosquitto.conf", "sshd_config", "redis.conf", "haproxy.cfg"}))
    return true;
  bool in_known_folder = contains(a.name, "nginx/") || contains(a.name, "mosquitto/") ||
                         contains(a.name, "sshd_config.d/");
  return in_known_folder && text::named(a, {"conf"});
}

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "directives", parse_directives); }

}  // namespace

extern const Format directives;
const Format directives{"directives",
                        1,
                        "nginx, mosquitto, sshd and redis configuration",
                        "https://nginx.org/en/docs/beginners_guide.html#conf_structure",
                        recognises,
                        parse};

}  // namespace parapet::formats
