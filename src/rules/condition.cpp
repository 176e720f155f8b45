#include "rules/condition.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "base/text.h"
#include "base/version.h"

namespace parapet {
namespace {

constexpr std::array<std::string_view, 5> severity_scale{"info", "low", "medium", "high",
                                                         "critical"};

// Position on the scale that holds the word; -1 when no scale does.
int position(std::string_view word) {
  for (std::size_t i = 0; i < std::size(reach_scale); ++i)
    if (reach_scale[i] == word) return static_cast<int>(i);
  for (std::size_t i = 0; i < severity_scale.size(); ++i)
    if (severity_scale[i] == word) return static_cast<int>(i);
  return -1;
}

Fail at_line(const Node& n, std::string what) {
  return Fail(Error{"line " + std::to_string(n.line), std::move(what)});
}

Result<std::shared_ptr<pcre2_real_code_8>> compile(const Node& n) {
  int error = 0;
  std::size_t where = 0;
  auto* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(n.text.data()), n.text.size(),
                             PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &where, nullptr);
  if (code == nullptr)
    return at_line(n, "the regex does not compile at character " + std::to_string(where));
  return std::shared_ptr<pcre2_real_code_8>(code, [](pcre2_real_code_8* c) { pcre2_code_free(c); });
}

bool matches(const pcre2_real_code_8* code, std::string_view text) {
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(context, 100'000);  // a value from a file must not stall the scan
  int found = pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0, data,
                          context);
  pcre2_match_context_free(context);
  pcre2_match_data_free(data);
  return found >= 0;
}

struct TestName {
  std::string_view name;
  Condition::Type type;
};
constexpr std::array<TestName, 12> tests{{{"regex", Condition::Type::regex},
                                          {"contains", Condition::Type::contains},
                                          {"prefix", Condition::Type::prefix},
                                          {"suffix", Condition::Type::suffix},
                                          {"exists", Condition::Type::exists},
                                          {"at-least", Condition::Type::at_least},
                                          {"below", Condition::Type::below},
                                          {"more-than", Condition::Type::more_than},
                                          {"less-than", Condition::Type::less_than},
                                          {"version-below", Condition::Type::version_below},
                                          {"version-from", Condition::Type::version_from},
                                          {"glob", Condition::Type::glob}}};

Result<Condition> read_test(const std::string& attribute, const Node& n);

Result<Condition> read_operator(const std::string& attribute, const std::string& name,
                                const Node& key, const Node& value) {
  if (name == "not") {
    Condition none{Condition::Type::none, {}, {}, {}, nullptr, true};
    none.parts.push_back(TRY(read_test(attribute, value)));
    return none;
  }
  for (const TestName& t : tests) {
    if (t.name != name) continue;
    Condition c{t.type, attribute, {}, {}, nullptr, true};
    if (value.is_list())
      for (const Node& item : value.items) c.values.push_back(item.text);
    else
      c.values.push_back(value.text);
    if (t.type == Condition::Type::regex) {
      if (!value.is_scalar()) return at_line(value, "regex takes one pattern");
      c.pattern = TRY(compile(value));
    }
    if (t.type == Condition::Type::exists) c.wanted = value.text != "false";
    if ((t.type == Condition::Type::at_least || t.type == Condition::Type::below) &&
        position(value.text) < 0)
      return at_line(
          value, "'" + value.text +
                     "' is on no scale (loopback host cluster network public; info … critical)");
    return c;
  }
  return at_line(key, "no test is called '" + name + "'");
}

Result<Condition> read_test(const std::string& attribute, const Node& n) {
  if (n.is_scalar())
    return Condition{Condition::Type::equals, attribute, {n.text}, {}, nullptr, true};
  if (n.is_list()) {
    Condition c{Condition::Type::equals, attribute, {}, {}, nullptr, true};
    for (const Node& item : n.items) {
      if (!item.is_scalar()) return at_line(item, "a list of values holds plain values only");
      c.values.push_back(item.text);
    }
    return c;
  }
  if (!n.is_map()) return at_line(n, "'" + attribute + "' needs a value, a list or a test");
  Condition all;
  for (std::size_t i = 0; i < n.keys.size(); ++i)
    all.parts.push_back(TRY(read_operator(attribute, n.keys[i].text, n.keys[i], n.items[i])));
  return all.parts.size() == 1 ? std::move(all.parts[0]) : std::move(all);
}

// "cameras.*.path": each * stands for any text.
bool wildcard_matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;  // where to go back to, and from which character on
  std::size_t from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// The values of an attribute, own or of an owner; calls `visit` for each until it says stop.
template <class Visit>
void each_value(const FactView& v, std::string_view name, Visit visit) {
  bool found = false;
  bool pattern = name.find('*') != std::string_view::npos;
  for (const Attribute& a : v.fact().attributes)
    if (pattern ? wildcard_matches(name, a.name) : a.name == name) {
      found = true;
      if (!visit(a)) return;
    }
  if (found) return;
  if (name == "path") return void(visit(Attribute{"", std::string(v.path), true}));
  if (name == "file") return void(visit(Attribute{"", std::string(file_name(v.path)), true}));
  if (name == "role") {
    if (!v.role.empty()) visit(Attribute{"", std::string(v.role), true});
    return;
  }
  if (name == "kinds") {
    for (const auto& k : v.kinds)
      if (!visit(Attribute{"", k, true})) return;
    return;
  }
  auto dot = name.find('.');
  if (dot == std::string_view::npos) return;
  int hops = 0;
  for (auto of = v.fact().of; of >= 0 && hops < 8;
       of = v.facts[static_cast<std::size_t>(of)].of, ++hops) {
    if (static_cast<std::size_t>(of) >= v.facts.size()) return;
    const Fact& owner = v.facts[static_cast<std::size_t>(of)];
    if (owner.kind != name.substr(0, dot)) continue;
    for (const Attribute& a : owner.attributes)
      if (a.name == name.substr(dot + 1) && !visit(a)) return;
    return;
  }
}

bool as_number(std::string_view s, double& out) {
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), out);
  return error == std::errc{} && end == s.data() + s.size();
}

bool passes(const Condition& c, std::string_view value) {
  auto any = [&](auto test) { return std::any_of(c.values.begin(), c.values.end(), test); };
  double number = 0;
  double bound = 0;
  switch (c.type) {
    case Condition::Type::equals:
      return any([&](const std::string& w) { return value == w; });
    case Condition::Type::regex:
      return matches(c.pattern.get(), value);
    case Condition::Type::contains:
      return any([&](const std::string& w) { return contains(value, w); });
    case Condition::Type::prefix:
      return any([&](const std::string& w) { return value.starts_with(w); });
    case Condition::Type::suffix:
      return any([&](const std::string& w) { return value.ends_with(w); });
    case Condition::Type::glob:
      return any([&](const std::string& w) { return glob_matches(w, value); });
    case Condition::Type::at_least:
      return position(value) >= position(c.values[0]);
    case Condition::Type::below:
      return position(value) >= 0 && position(value) < position(c.values[0]);
    case Condition::Type::more_than:
      return as_number(value, number) && as_number(c.values[0], bound) && number > bound;
    case Condition::Type::less_than:
      return as_number(value, number) && as_number(c.values[0], bound) && number < bound;
    case Condition::Type::version_below:
      return !value.empty() && compare_versions(value, c.values[0]) < 0;
    case Condition::Type::version_from:
      return !value.empty() && compare_versions(value, c.values[0]) >= 0;
    case Condition::Type::exists:
    case Condition::Type::all:
    case Condition::Type::any:
    case Condition::Type::none:
      break;
  }
  return false;
}

bool is_pending(const FactView& v, const std::string& attribute) {
  return std::find(v.pending.begin(), v.pending.end(), attribute) != v.pending.end();
}

Answer test(const Condition& c, const FactView& v) {
  if (is_pending(v, c.attribute)) return Answer::unknown;
  Answer answer = Answer::no;
  if (c.type == Condition::Type::exists) {
    bool exists = false;
    each_value(v, c.attribute, [&](const Attribute&) { return exists = true, false; });
    return exists == c.wanted ? Answer::yes : Answer::no;
  }
  each_value(v, c.attribute, [&](const Attribute& a) {
    if (!a.known) {
      answer = Answer::unknown;
      return true;
    }
    if (!passes(c, a.value)) return true;
    answer = Answer::yes;
    return false;
  });
  return answer;
}

}  // namespace

Result<Condition> read_conditions(const Node& n) {
  if (n.is_list()) {
    Condition any;
    any.type = Condition::Type::any;
    for (const Node& item : n.items) any.parts.push_back(TRY(read_conditions(item)));
    return any;
  }
  if (!n.is_map())
    return at_line(n, "conditions are a map from attributes to tests, or a list of such maps");
  Condition all;
  for (std::size_t i = 0; i < n.keys.size(); ++i) {
    const std::string& key = n.keys[i].text;
    const Node& value = n.items[i];
    if (key == "not") {
      Condition none;
      none.type = Condition::Type::none;
      none.parts.push_back(TRY(read_conditions(value)));
      all.parts.push_back(std::move(none));
    } else if (key == "all" || key == "any") {
      Condition group;
      group.type = key == "all" ? Condition::Type::all : Condition::Type::any;
      if (!value.is_list()) return at_line(value, "'" + key + "' takes a list of conditions");
      for (const Node& item : value.items) group.parts.push_back(TRY(read_conditions(item)));
      all.parts.push_back(std::move(group));
    } else {
      all.parts.push_back(TRY(read_test(key, value)));
    }
  }
  return all.parts.size() == 1 ? std::move(all.parts[0]) : std::move(all);
}

Answer holds(const Condition& c, const FactView& v) {
  switch (c.type) {
    case Condition::Type::all: {
      Answer least = Answer::yes;
      for (const Condition& p : c.parts) {
        least = std::min(least, holds(p, v));
        if (least == Answer::no) break;
      }
      return least;
    }
    case Condition::Type::any: {
      Answer most = Answer::no;
      for (const Condition& p : c.parts) {
        most = std::max(most, holds(p, v));
        if (most == Answer::yes) break;
      }
      return most;
    }
    case Condition::Type::none: {
      Answer most = Answer::no;
      for (const Condition& p : c.parts) most = std::max(most, holds(p, v));
      return most == Answer::yes ? Answer::no : most == Answer::no ? Answer::yes : Answer::unknown;
    }
    case Condition::Type::equals:
    case Condition::Type::regex:
    case Condition::Type::contains:
    case Condition::Type::prefix:
    case Condition::Type::suffix:
    case Condition::Type::exists:
    case Condition::Type::at_least:
    case Condition::Type::below:
    case Condition::Type::more_than:
    case Condition::Type::less_than:
    case Condition::Type::version_below:
    case Condition::Type::version_from:
    case Condition::Type::glob:
      return test(c, v);
  }
  return Answer::no;
}

void attributes_of(const Condition& c, std::vector<std::string>& out) {
  if (!c.attribute.empty()) out.push_back(c.attribute);
  for (const Condition& p : c.parts) attributes_of(p, out);
}

std::string attribute_text(const FactView& v, std::string_view name) {
  if (name == "says") return v.fact().says;
  std::string out;
  int values = 0;
  each_value(v, name, [&](const Attribute& a) {
    if (values++ > 0) out += ", ";
    if (values > 4) {
      out += "\xE2\x80\xA6";
      return false;
    }
    out += printable(a.value, 120);
    return true;
  });
  return out;
}

}  // namespace parapet
