#include "knowledge/advisories.h"

#include "base/embedded.h"
#include "base/text.h"
#include "syntax/packed.h"

namespace parapet {
namespace {

constexpr std::string_view keys[] = {"id",   "below",    "through", "from",
                                     "only", "severity", "ranges",  "malicious"};

Advisory::Range range_of(const Node& n) {
  return {std::string(n.text_at("from")), std::string(n.text_at("below")),
          std::string(n.text_at("through"))};
}

Result<Advisory> read_one(const Node& n, const std::string& path) {
  auto fail = [&](std::string what) {
    return Fail(Error{path + ", line " + std::to_string(n.line), std::move(what)});
  };
  if (!n.is_map()) return fail("an advisory is a map");
  for (const Node& key : n.keys) {
    bool known = false;
    for (std::string_view k : keys) known = known || key.text == k;
    if (!known) return fail("no field is called '" + key.text + "'");
  }
  Advisory a;
  a.id = n.text_at("id");
  a.severity = Severity::critical;
  if (n.at("severity") != nullptr && !from_text(n.text_at("severity"), a.severity))
    return fail("'" + std::string(n.text_at("severity")) + "' is no severity");
  a.malicious = n.text_at("malicious") == "yes";
  if (const Node* only = n.at("only"); only != nullptr)
    for (const Node& v : only->items) a.versions.push_back(v.text);
  if (const Node* ranges = n.at("ranges"); ranges != nullptr)
    for (const Node& r : ranges->items) a.ranges.push_back(range_of(r));
  Advisory::Range own = range_of(n);
  if (!(own.introduced.empty() && own.fixed.empty() && own.last_affected.empty()))
    a.ranges.push_back(std::move(own));
  if (a.id.empty() || (a.ranges.empty() && a.versions.empty()))
    return fail("an advisory needs an id, and below, through, from, only or ranges");
  return a;
}

Result<std::vector<PackageAdvisories>> read_file(const std::string& path, const Parsed& parsed) {
  if (!parsed.ok() || parsed.documents.size() != 1)
    return Fail(Error{path + ", line " + std::to_string(parsed.problem_at.line), parsed.problem});
  const Node& root = parsed.documents[0].root;
  std::string source = "built in, " + std::string(root.text_at("date"));
  std::vector<PackageAdvisories> out;
  const Node* products = root.at("products");
  if (products == nullptr) return Fail(Error{path, "holds no list 'products'"});
  for (const Node& product : products->items) {
    PackageAdvisories p;
    p.ecosystem = product.text_at("ecosystem");
    p.package = product.text_at("package");
    if (p.ecosystem.empty() || p.package.empty())
      return Fail(Error{path + ", line " + std::to_string(product.line),
                        "a product needs package and ecosystem"});
    if (const Node* images = product.at("images"); images != nullptr)
      for (const Node& i : images->items) p.images.push_back(i.text);
    if (const Node* list = product.at("advisories"); list != nullptr)
      for (const Node& n : list->items) {
        p.advisories.push_back(TRY(read_one(n, path)));
        p.advisories.back().source = source;
      }
    out.push_back(std::move(p));
  }
  return out;
}

}  // namespace

Result<std::vector<PackageAdvisories>> load_advisories() {
  std::vector<PackageAdvisories> out;
  for (const EmbeddedFile& file : embedded_knowledge()) {
    if (!std::string_view(file.path).starts_with("advisories/")) continue;
    for (auto& p : TRY(read_file("knowledge/" + std::string(file.path), unpack(file.text()))))
      out.push_back(std::move(p));
  }
  return out;
}

}  // namespace parapet
