#include "knowledge/credential_kinds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/embedded.h"
#include "base/text.h"
#include "syntax/packed.h"
#include "syntax/yaml.h"

namespace parapet {
namespace {

using Check = CredentialKind::Check;

struct CheckName {
  std::string_view name;
  Check check;
};
constexpr std::array<CheckName, 8> check_names{{{"github-crc32", Check::github_crc32},
                                                {"base64", Check::base64},
                                                {"base64-pair", Check::base64_pair},
                                                {"base64-pem", Check::base64_pem},
                                                {"base64-json", Check::base64_json},
                                                {"jwt", Check::jwt},
                                                {"mixed", Check::mixed},
                                                {"random", Check::random}}};

const std::set<std::string_view>& known_keys() {
  static const std::set<std::string_view> keys{
      "id",         "provider", "title",   "group",  "power",   "keywords", "exact_case",
      "token",      "value",    "pattern", "before", "after",   "span",     "entropy",
      "min_length", "checks",   "known",   "only",   "default", "can",      "revoke"};
  return keys;
}

// Alone on both sides, or after the \n of a string that is itself quoted.
std::string token_pattern(std::string_view token) {
  return R"((?:(?<![A-Za-z0-9_-])|(?<=\\[nrt])))"
         "(" +
         std::string(token) + R"()(?![A-Za-z0-9_-]))";
}

// KEYWORD=secret, "KEYWORD": "secret", os.environ["KEYWORD"] = "secret", KEYWORD("secret"),
// KEYWORD(api_key="secret"), getenv("KEYWORD", "secret"), ENV KEYWORD secret, and the
// `- name: KEYWORD` / `value: secret` of Kubernetes; quotes may be escaped, as in a notebook. A
// comma counts only between quoted strings: elsewhere it ends a list's item.
std::string value_pattern(std::string_view value) {
  return R"([\w.-]*(?:[\\"'\])]{0,6}[ \t]{0,4}(?:(?:[:=]{1,2}>?[ \t]{0,4}|\(\s{0,8}))"
         R"((?:str[ \t]{0,2}=[ \t]{0,2})?|,?\s{0,24}[\\"']{0,2}value[\\"']{0,2}\s{0,3}[:=]\s{0,3}|)"
         R"([ \t]{1,3}|[ \t]{1,3}--relogin[ \t]{1,3})|\\?["'][ \t]{0,2},\s{0,4}(?=\\?["'])))"
         R"((?:(?:api_)?(?:key|token|password)\s{0,2}=\s{0,2}|bytes\.fromhex\()?[\\"'(]{0,4})"
         "(" +
         std::string(value) + R"()(?![\w-]))";
}

class Reader {
 public:
  Reader(std::string_view path, const Node& kind, const Node* defaults)
      : path_(path), kind_(kind), defaults_(defaults) {}

  Result<CredentialKind> read() {
    if (!kind_.is_map()) return fail(kind_, "a kind is a map");
    for (const Node& key : kind_.keys)
      if (!known_keys().contains(key.text))
        return fail(key, "no field is called '" + key.text + "'");
    CredentialKind k;
    k.id = text("id");
    k.provider = text("provider");
    k.title = text("title");
    k.group = text("group");
    k.powers = list("power");
    k.keywords = list("keywords");
    k.exact_case = text("exact_case") == "true";
    k.shipped_default = text("default") == "true";
    k.known = list("known");
    k.only = list("only");
    k.can = text("can");
    k.revoke = text("revoke");
    k.before = number("before", 0);
    k.after = number("after", 0);
    k.span = number("span", 512);
    k.min_length = number("min_length", 0);
    auto bits = text("entropy");
    std::from_chars(bits.data(), bits.data() + bits.size(), k.min_entropy);
    for (const auto& name : list("checks")) {
      auto at = std::find_if(check_names.begin(), check_names.end(),
                             [&](const CheckName& c) { return c.name == name; });
      if (at == check_names.end()) return fail(kind_, "no check is called '" + name + "'");
      k.checks.push_back(at->check);
    }
    if (!text("token").empty())
      k.pattern = token_pattern(text("token"));
    else if (!text("value").empty())
      k.pattern = value_pattern(text("value"));
    else
      k.pattern = text("pattern");
    for (auto [name, missing] : {std::pair{"id", k.id.empty()},
                                 {"provider", k.provider.empty()},
                                 {"title", k.title.empty()},
                                 {"group", k.group.empty()},
                                 {"keywords", k.keywords.empty()},
                                 {"can", k.can.empty()},
                                 {"revoke", k.revoke.empty()},
                                 {"token, value or pattern", k.pattern.empty()}})
      if (missing) return fail(kind_, std::string("'") + name + "' is missing");
    for (const std::string& word : k.keywords)
      if (word.size() < CredentialKind::shortest_keyword)
        return fail(kind_, "the keyword '" + word + "' is too short");
    return k;
  }

 private:
  Fail fail(const Node& at, std::string what) const {
    return Fail(Error{"knowledge/" + std::string(path_) + ", line " + std::to_string(at.line),
                      std::move(what)});
  }
  const Node* node(std::string_view name) const {
    const Node* own = kind_.at(name);
    return own != nullptr || defaults_ == nullptr ? own : defaults_->at(name);
  }
  std::string_view text(std::string_view name) const {
    const Node* n = node(name);
    return n != nullptr && n->is_scalar() ? std::string_view(n->text) : std::string_view();
  }
  std::vector<std::string> list(std::string_view name) const {
    std::vector<std::string> out;
    if (const Node* n = node(name))
      for (const Node& item : n->items) out.push_back(item.text);
    return out;
  }
  std::uint32_t number(std::string_view name, std::uint32_t otherwise) const {
    auto v = to_integer(text(name));
    return v && *v >= 0 && *v <= 65'536 ? static_cast<std::uint32_t>(*v) : otherwise;
  }

  std::string_view path_;
  const Node& kind_;
  const Node* defaults_;
};

}  // namespace

Result<std::vector<CredentialKind>> read_credential_kinds(std::string_view path,
                                                          std::string_view yaml) {
  return read_credential_kinds(path, parse_yaml(yaml));
}

Result<std::vector<CredentialKind>> read_credential_kinds(std::string_view path,
                                                          const Parsed& parsed) {
  auto where = [&](std::uint32_t line) {
    return "knowledge/" + std::string(path) + ", line " + std::to_string(line);
  };
  if (!parsed.ok()) return Fail(Error{where(parsed.problem_at.line), parsed.problem});
  const Node* kinds = parsed.documents.size() == 1 ? parsed.documents[0].root.at("kinds") : nullptr;
  if (kinds == nullptr || !kinds->is_list())
    return Fail(Error{where(1), "must hold one map with a list 'kinds'"});
  std::vector<CredentialKind> out;
  for (const Node& kind : kinds->items)
    out.push_back(TRY(Reader(path, kind, parsed.documents[0].root.at("defaults")).read()));
  return out;
}

Result<std::vector<CredentialKind>> load_credential_kinds() {
  std::vector<CredentialKind> out;
  std::set<std::string> ids;
  for (const EmbeddedFile& file : embedded_knowledge()) {
    if (!std::string_view(file.path).starts_with("credentials/")) continue;
    for (CredentialKind& k : TRY(read_credential_kinds(file.path, unpack(file.text())))) {
      if (!ids.insert(k.id).second)
        return Fail(Error{"knowledge/" + std::string(file.path), "two kinds are called " + k.id});
      out.push_back(std::move(k));
    }
  }
  return out;
}

}  // namespace parapet
