// PMML: statistical models as XML. A reader that applies the document type fetches what it names;
// some engines run code kept in <Extension>, and JPMML loads a Java class whose name stands as the
// function of an <Apply>. https://dmg.org/pmml/v4-4-1/GeneralStructure.html
#include <algorithm>
#include <map>

#include "base/text.h"
#include "formats/format.h"
#include "formats/reference/reference.h"
#include "formats/xml/document.h"
#include "syntax/xml.h"

namespace parapet::formats {
namespace {

constexpr std::size_t most_scripts = 100;

// What scripts of the engines that have them (JavaScript, Groovy, Java, Python) reach out with.
constexpr std::string_view reaching[] = {"java.lang.Runtime",
                                         "getRuntime",
                                         "ProcessBuilder",
                                         "Java.type",
                                         "Packages.java",
                                         "ScriptEngine",
                                         "java.net.",
                                         "java.io.",
                                         "java.nio.",
                                         "Class.forName",
                                         "ClassLoader",
                                         "System.exit",
                                         "eval(",
                                         "exec(",
                                         "require(",
                                         "child_process",
                                         "ActiveXObject",
                                         "XMLHttpRequest",
                                         "fetch(",
                                         "import os",
                                         "os.system",
                                         "subprocess",
                                         "__import__",
                                         "System.Diagnostics",
                                         "Process.Start",
                                         ".execute()",
                                         "urlopen",
                                         "socket"};
constexpr std::string_view languages[] = {"script", "jscript",    "rscript", "groovy", "python",
                                          "jython", "ecmascript", "code",    "lua",    "ruby"};

bool recognises(const Artifact& a) { return is_xml_with(as_text(a.bytes), "PMML"); }

bool is_script_name(std::string_view name) {
  std::string s = lower(name);
  auto colon = s.rfind(':');
  if (colon != std::string::npos) s = s.substr(colon + 1);
  return s.ends_with("javascript") ||
         std::find(std::begin(languages), std::end(languages), s) != std::end(languages);
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink) {}

  void run() {
    sink_.is("pmml");
    std::optional<Node> root = xml::read(a_, sink_, "pmml");
    const Node* pmml = nullptr;
    for (std::size_t i = 0; root && i < root->items.size(); ++i)
      if (root->keys[i].text == "PMML" || root->keys[i].text.ends_with(":PMML"))
        pmml = &root->items[i];
    if (pmml == nullptr) return sink_.partly("no element <PMML>");
    std::string_view version = xml::attribute(*pmml, "version");
    if (!version.starts_with("4.") && !version.starts_with("3.") && !version.starts_with("2.") &&
        !version.starts_with("1."))
      sink_.partly("PMML version " + printable(version, 20) + " is not known");
    walk(*pmml, "PMML");
    for (auto& [key, f] : functions_) sink_.add(std::move(f));
    Fact f{"model", {}, pmml->place("PMML"), "a PMML model, version " + printable(version, 20)};
    f.set("format", "pmml").set("name", file_name(a_.name)).set("version", version.substr(0, 20));
    const Node* header = pmml->at("Header");
    const Node* application = header != nullptr ? header->at("Application") : nullptr;
    if (application != nullptr)
      f.set("producer", xml::attribute(*application, "name").substr(0, 100));
    sink_.add(std::move(f));
  }

 private:
  void walk(const Node& element, const std::string& path) {
    if (!sink_.next()) return;
    for (std::size_t i = 0; i < element.items.size(); ++i) {
      const Node& child = element.items[i];
      if (!child.is_map()) continue;
      const std::string& name = element.keys[i].text;
      std::string here = path.size() < 200 ? path + "." + name : path;
      if (name == "Apply" || name.ends_with(":Apply")) apply(child, here);
      if (name == "Extension" || name.ends_with(":Extension"))
        extension(child, here);
      else if (is_script_name(name))
        script(child, name, here);
      if (name.ends_with(":include")) include(child, here);
      walk(child, here);
    }
  }

  void apply(const Node& n, const std::string& path) {
    std::string_view function = xml::attribute(n, "function");
    // "x-log" and the like are extensions without a class; a class is a.b.C.
    auto dot = function.rfind('.');
    if (dot == std::string_view::npos || dot + 1 >= function.size() || function.size() > 300)
      return;
    if (!is_alpha(function[0]) || contains(function, " ")) return;
    auto [place, is_new] = functions_.try_emplace(std::string(function));
    if (!is_new) return;
    place->second = Fact{"operator",
                         {},
                         n.place(path),
                         "the class " + printable(function, 100) + " is loaded as a function"};
    place->second.set("name", function).set("domain", "java").set("framework", "pmml");
    place->second.set("where", path).set("power", "custom");
  }

  // The text of an element and of all below it.
  void gather(const Node& n, std::string& out) const {
    for (std::size_t i = 0; i < n.items.size() && out.size() < (1U << 16U); ++i) {
      if (n.items[i].is_map())
        gather(n.items[i], out);
      else if (n.keys[i].text == "#text" || n.keys[i].text == "@value")
        out += n.items[i].text + "\n";
    }
  }

  void extension(const Node& n, const std::string& path) {
    std::string_view name = xml::attribute(n, "name");
    std::string text;
    gather(n, text);
    bool named = is_script_name(name) && text.size() > 40;
    report(n, name.empty() ? "Extension" : name, path, text, named);
  }
  void script(const Node& n, std::string_view name, const std::string& path) {
    std::string text;
    gather(n, text);
    report(n, name, path, text, !trim(text).empty());
  }

  void report(const Node& n, std::string_view name, const std::string& path,
              const std::string& text, bool is_code) {
    std::vector<std::string_view> reaches;
    for (std::string_view r : reaching)
      if (contains(text, r)) reaches.push_back(r);
    if ((reaches.empty() && !is_code) || ++scripts_ > most_scripts) return;
    Fact f{"layer", {}, n.place(path), "code in <" + printable(name, 60) + ">"};
    if (!reaches.empty()) f.says += " that uses " + std::string(reaches[0]);
    f.set("framework", "pmml").set("class", "Extension").set("name", name.substr(0, 100));
    f.set("path", path).set("power", "executes-code").set("code", "yes");
    for (std::string_view r : reaches) f.set("text", r);
    sink_.add(std::move(f));
  }

  void include(const Node& n, const std::string& path) {
    std::string_view target = xml::attribute(n, "href");
    if (target.empty()) return;
    Fact f{"reference", {}, n.place(path), "includes " + printable(target, 120)};
    std::string_view problem = reference::problem_of(target);
    f.set("what", "include").set("target", target.substr(0, 400)).set("format", "pmml");
    f.set("name", "xi:include").set("problem", problem.empty() ? "outside" : problem);
    sink_.add(std::move(f));
  }

  const Artifact& a_;
  Sink& sink_;
  std::map<std::string, Fact> functions_;
  std::size_t scripts_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format pmml;
const Format pmml{"pmml",
                  1,
                  "PMML models: external entities, code in extensions, classes as functions",
                  "https://dmg.org/pmml/v4-4-1/GeneralStructure.html",
                  recognises,
                  parse};

}  // namespace parapet::formats
