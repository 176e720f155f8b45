// KEY=value files: INI, .properties, .env, systemd units, git-like configuration.
#include "syntax/ini.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

// ".conf" is also nginx, redis and mosquitto: INI when its first lines are sections or pairs.
bool has_shape(std::string_view s) {
  std::size_t pairs = 0;
  std::size_t others = 0;
  s = s.substr(0, 4096);
  while (!s.empty()) {
    auto [line, rest, found] = split_once(s, "\n");
    s = rest;
    line = trim(line);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    bool section = line.front() == '[' && line.back() == ']';
    bool block = line.back() == '{' || line.back() == '}' || line.front() == '<';
    if (section || (contains(line, "=") && !block))
      ++pairs;
    else
      ++others;
  }
  return pairs > others;
}

bool recognises(const Artifact& a) {
  std::string_view name = file_name(a.name);
  std::string_view path = a.name;
  bool in_known_folder = path.ends_with(".dvc/config") || path.ends_with(".dvc/config.local") ||
                         path.ends_with(".aws/credentials") || path.ends_with(".aws/config") ||
                         path.ends_with(".git/config");
  if (in_known_folder || name.starts_with(".env")) return a.is_text();
  if (text::named(a, {"ini", "cfg", "properties", "env", "service", "timer", "socket"},
                  {".pypirc", ".npmrc", ".databrickscfg", ".flaskenv", ".comet.config", ".boto",
                   ".s3cfg", "credentials", "pip.conf", "pip.ini", "airflow.cfg"}))
    return true;
  return text::named(a, {"conf", "config"}, {"config"}) && has_shape(as_text(a.bytes));
}

void parse(const Artifact& a, Sink& sink) { text::read(a, sink, "ini", parse_ini); }

}  // namespace

extern const Format ini;
const Format ini{"ini",
                 1,
                 "INI, properties, .env and systemd units",
                 "https://docs.python.org/3/library/configparser.html",
                 recognises,
                 parse};

}  // namespace parapet::formats
