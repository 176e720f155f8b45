// YAML 1.1/1.2, by name: nearly any text is YAML. https://yaml.org/spec/1.2.2/
#include "syntax/yaml.h"

#include "formats/format.h"
#include "formats/text/text.h"

namespace parapet::formats {
namespace {

bool recognises(const Artifact& a) {
  return text::named(
      a, {"yaml", "yml", "dvc"},
      {"MLmodel", "MLproject", "dvc.lock", ".condarc", "kubeconfig", "mongod.conf", "user-data"});
}

// Tags that make a loader construct objects: !!python/object/apply and its kin of other languages.
void report_tags(const Node& n, Sink& sink) {
  if (!sink.next()) return;
  if (n.tag.starts_with("!!") || n.tag.starts_with("!python")) {
    Fact f{"anomaly",
           {},
           n.place(),
           "a loader that is not a safe one makes this tag an object: " + printable(n.tag, 100)};
    f.set("name", "yaml-tag").set("tag", n.tag).set("value", n.text.substr(0, 200));
    sink.add(std::move(f));
  }
  for (const Node& x : n.keys) report_tags(x, sink);
  for (const Node& x : n.items) report_tags(x, sink);
}

void parse(const Artifact& a, Sink& sink) {
  text::read(a, sink, "yaml", parse_yaml);
  for (const Document& d : sink.documents()) report_tags(d.root, sink);
}

}  // namespace

extern const Format yaml;
const Format yaml{"yaml", 1, "YAML", "https://yaml.org/spec/1.2.2/", recognises, parse};

}  // namespace parapet::formats
