#include "knowledge/gitleaks_rules.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "syntax/toml.h"

namespace parapet {
namespace {

constexpr unsigned deepest_extend = 2;  // as gitleaks has it

std::vector<std::string> texts(const Node* n) {
  std::vector<std::string> out;
  if (n == nullptr) return out;
  if (n->is_scalar()) out.push_back(n->text);
  for (const Node& item : n->items) out.push_back(item.text);
  return out;
}

// Go's RE2 and PCRE2 read nearly the same language; \z is \z, (?P<name>) is taken as well. What Go
// counts by character counts by byte here.
std::string as_pcre(std::string_view regex) { return std::string(regex); }

class Reader {
 public:
  Reader(std::string file, const std::function<Result<std::string>(const std::string&)>& read_other)
      : file_(std::move(file)), read_other_(read_other) {}

  Result<int> read(std::string_view toml, unsigned depth) {
    Parsed parsed = parse_toml(toml);
    if (!parsed.ok() || parsed.documents.size() != 1)
      return Fail(Error{file_ + ", line " + std::to_string(parsed.problem_at.line),
                        parsed.problem.empty() ? "is not TOML" : parsed.problem});
    const Node& root = parsed.documents[0].root;
    if (const Node* extend = root.at("extend"); extend != nullptr) TRY(read_extend(*extend, depth));
    if (const Node* rules = root.at("rules"); rules != nullptr && rules->is_list())
      for (const Node& r : rules->items) TRY(read_rule(r));
    TRY(read_global(root));
    return 0;
  }

  Result<UserRules> finish() {
    std::erase_if(out_.kinds, [&](const CredentialKind& k) { return disabled_.contains(k.id); });
    for (CredentialKind& k : out_.kinds)
      for (const auto& [targets, allowed] : global_)
        if (targets.empty() || targets.contains(k.id)) k.allowed.push_back(allowed);
    if (out_.kinds.empty())
      return Fail(Error{"read " + file_,
                        "holds no [[rules]]: --gitleaks-config takes rules in the "
                        "form of gitleaks.toml"});
    return std::move(out_);
  }

 private:
  Fail fail(const Node& at, std::string what) const {
    return Fail(Error{file_ + ", line " + std::to_string(at.line), std::move(what)});
  }

  Result<int> read_extend(const Node& extend, unsigned depth) {
    if (extend.text_at("useDefault") == "true")
      out_.notes.push_back(file_ +
                           " extends gitleaks' own rules: Parapet's own kinds stand in for "
                           "them.");
    for (const std::string& id : texts(extend.at("disabledRules"))) disabled_.insert(id);
    std::string_view path = extend.text_at("path");
    if (path.empty()) return 0;
    if (depth >= deepest_extend) return fail(extend, "extends more than two files deep");
    std::string other(path);
    if (auto slash = file_.rfind('/'); !path.starts_with('/') && slash != std::string::npos)
      other = file_.substr(0, slash + 1) + other;
    std::string text = TRY(read_other_(other));
    std::string own = std::exchange(file_, other);
    TRY(read(text, depth + 1));
    file_ = std::move(own);
    return 0;
  }

  Result<CredentialKind::Allowed> read_allowed(const Node& n) {
    CredentialKind::Allowed a;
    for (std::string& r : texts(n.at("regexes"))) a.regexes.push_back(as_pcre(r));
    for (std::string& r : texts(n.at("paths"))) a.paths.push_back(as_pcre(r));
    a.stop_words = texts(n.at("stopwords"));
    std::string target = lower(n.text_at("regexTarget"));
    if (target == "match")
      a.target = CredentialKind::Allowed::Target::match;
    else if (target == "line")
      a.target = CredentialKind::Allowed::Target::line;
    else if (!target.empty() && target != "secret")
      return fail(n, "regexTarget is secret, match or line, not '" + printable(target) + "'");
    std::string condition = lower(n.text_at("condition"));
    a.all = condition == "and" || condition == "&&";
    if (n.at("commits") != nullptr)
      out_.notes.push_back(file_ + ", line " + std::to_string(n.line) +
                           ": allowed commits are not looked at, every version is.");
    return a;
  }

  // Calls add for every table under the names "allowlist" (one) and "allowlists" (several).
  template <class Add>
  Result<int> each_allowlist(const Node& of, Add add) {
    if (const Node* one = of.at("allowlist"); one != nullptr && one->is_map()) TRY(add(*one));
    if (const Node* many = of.at("allowlists"); many != nullptr && many->is_list())
      for (const Node& n : many->items) TRY(add(n));
    return 0;
  }

  Result<int> read_global(const Node& root) {
    return each_allowlist(root, [&](const Node& n) -> Result<int> {
      auto targets = texts(n.at("targetRules"));
      global_.emplace_back(std::set<std::string>(targets.begin(), targets.end()),
                           TRY(read_allowed(n)));
      return 0;
    });
  }

  Result<int> read_rule(const Node& r) {
    CredentialKind k;
    k.id = r.text_at("id");
    if (k.id.empty()) return fail(r, "a rule needs an id");
    k.title = r.text_at("description");
    if (k.title.empty()) k.title = "credential of rule " + k.id;
    k.provider = "user rule";
    k.group = "user";
    k.powers = {"read-data"};
    k.whole_text = true;
    k.pattern = as_pcre(r.text_at("regex"));
    k.path = as_pcre(r.text_at("path"));
    if (k.pattern.empty() && k.path.empty())
      return fail(r, "rule " + k.id + " has neither regex nor path");
    for (std::string& word : texts(r.at("keywords")))
      if (word.size() >= CredentialKind::shortest_keyword) k.keywords.push_back(std::move(word));
    // A keyword too short to look for would make the rule silent: then every text is searched.
    if (k.keywords.size() != texts(r.at("keywords")).size()) k.keywords.clear();
    auto group = to_integer(r.text_at("secretGroup"));
    k.secret_group = group && *group > 0 && *group < 32 ? static_cast<std::uint32_t>(*group) : 0;
    std::string_view bits = r.text_at("entropy");
    std::from_chars(bits.data(), bits.data() + bits.size(), k.min_entropy);
    k.can = "what the rule's description says";
    k.revoke = "change it where it is checked";
    auto lists = each_allowlist(r, [&](const Node& n) -> Result<int> {
      k.allowed.push_back(TRY(read_allowed(n)));
      return 0;
    });
    if (!lists) return Fail(lists.error());
    std::erase_if(out_.kinds, [&](const CredentialKind& other) { return other.id == k.id; });
    out_.kinds.push_back(std::move(k));
    return 0;
  }

  std::string file_;
  const std::function<Result<std::string>(const std::string&)>& read_other_;
  UserRules out_;
  std::set<std::string> disabled_;
  std::vector<std::pair<std::set<std::string>, CredentialKind::Allowed>>
      global_;  // by target rules
};

}  // namespace

Result<UserRules> read_gitleaks_rules(
    const std::string& file, std::string_view toml,
    const std::function<Result<std::string>(const std::string& path)>& read_other) {
  Reader r(file, read_other);
  TRY(r.read(toml, 0));
  return r.finish();
}

}  // namespace parapet
