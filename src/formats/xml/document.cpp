#include "formats/xml/document.h"

#include "base/text.h"
#include "formats/reference/reference.h"
#include "syntax/xml.h"

namespace parapet::xml {
namespace {

constexpr std::size_t longest = 32U << 20U;
constexpr std::size_t most_nodes = 2'000'000;
constexpr unsigned entities_of_a_bomb = 4;  // that are built of others

}  // namespace

std::string_view attribute(const Node& element, std::string_view name) {
  for (std::size_t i = 0; i < element.keys.size(); ++i) {
    std::string_view key = element.keys[i].text;
    if (key.starts_with('@') && key.substr(1) == name) return element.items[i].text;
  }
  return {};
}

std::optional<Node> read(const Artifact& a, Sink& sink, std::string_view format) {
  std::string_view text = as_text(a.bytes);
  if (text.size() > longest) {
    sink.partly("longer than 32 MiB: only its beginning was read");
    text = text.substr(0, 1U << 20U);
  }
  std::size_t nodes = 0;
  Parsed parsed = parse_xml(text, [&] { return ++nodes <= most_nodes && sink.next(); });
  if (!parsed.ok() && text.size() == a.bytes.size()) {
    sink.anomaly("malformed", parsed.problem, parsed.problem_at);
    sink.partly(parsed.problem + " at line " + std::to_string(parsed.problem_at.line));
  }
  if (parsed.documents.empty()) return {};
  Node root = std::move(parsed.documents[0].root);
  const Node* doctype = root.at("#doctype");
  if (doctype == nullptr) return root;
  unsigned nested = 0;
  for (const XmlEntity& e : xml_entities(doctype->text)) {
    if (e.nested) ++nested;
    if (e.target.empty()) continue;
    std::string who =
        e.name.empty() ? "the document type" : "the entity \"" + printable(e.name, 40) + "\"";
    Fact f{"reference", {}, doctype->place(), who + " is read from " + printable(e.target, 120)};
    f.set("what", "include").set("target", e.target.substr(0, 400)).set("format", format);
    if (!e.name.empty()) f.set("name", e.name.substr(0, 100));
    std::string_view problem = reference::problem_of(e.target);
    // An entity of a file beside the model puts that file's content into the model.
    if (problem.empty() && !e.name.empty()) problem = "outside";
    if (!problem.empty()) f.set("problem", problem);
    sink.add(std::move(f));
  }
  if (nested >= entities_of_a_bomb)
    sink.anomaly("bomb", std::to_string(nested) + " entities are built of other entities",
                 doctype->place());
  return root;
}

}  // namespace parapet::xml
