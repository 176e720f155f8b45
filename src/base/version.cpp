#include "base/version.h"

#include <algorithm>

#include "base/text.h"

namespace parapet {
namespace {

constexpr std::size_t longest = 256;  // bytes of a version worth reading

class Reader {
 public:
  explicit Reader(std::string_view s) : s_(s) {}
  bool done() const { return i_ == s_.size(); }
  std::size_t at() const { return i_; }
  void back_to(std::size_t at) { i_ = at; }
  bool take(char c) {
    if (i_ >= s_.size() || s_[i_] != c) return false;
    ++i_;
    return true;
  }
  bool separator() { return take('.') || take('-') || take('_'); }
  bool word(std::string_view w) {
    if (!s_.substr(i_).starts_with(w)) return false;
    i_ += w.size();
    return true;
  }
  std::optional<VersionNumber> number() {
    std::size_t begin = i_;
    while (i_ < s_.size() && is_digit(s_[i_])) ++i_;
    if (begin == i_) return std::nullopt;
    std::size_t first = begin;
    while (first + 1 < i_ && s_[first] == '0') ++first;
    return VersionNumber{std::string(s_.substr(first, i_ - first))};
  }
  std::string_view alphanumeric() {
    std::size_t begin = i_;
    while (i_ < s_.size() && (is_digit(s_[i_]) || is_alpha(s_[i_]))) ++i_;
    return s_.substr(begin, i_ - begin);
  }

 private:
  std::string_view s_;
  std::size_t i_ = 0;
};

struct PhaseName {
  std::string_view name;
  Version::Phase phase;
};
// Longer spellings first.
constexpr PhaseName phases[] = {{"alpha", Version::Phase::alpha},
                                {"beta", Version::Phase::beta},
                                {"preview", Version::Phase::candidate},
                                {"pre", Version::Phase::candidate},
                                {"rc", Version::Phase::candidate},
                                {"a", Version::Phase::alpha},
                                {"b", Version::Phase::beta},
                                {"c", Version::Phase::candidate}};

// A word, then perhaps a separator and a number: "rc.1", "post", "dev3".
VersionNumber number_after(Reader& r) {
  std::size_t before = r.at();
  r.separator();
  auto n = r.number();
  if (!n) r.back_to(before);
  return n.value_or(VersionNumber{});
}

void read_pre(Reader& r, Version& v) {
  std::size_t before = r.at();
  r.separator();
  for (const PhaseName& p : phases)
    if (r.word(p.name)) {
      v.pre = {p.phase, number_after(r)};
      return;
    }
  r.back_to(before);
}

void read_post(Reader& r, Version& v) {
  std::size_t before = r.at();
  if (r.take('-')) {
    if (auto n = r.number()) {
      v.post = std::move(n);
      return;
    }
    r.back_to(before);
  }
  r.separator();
  for (std::string_view word : {"post", "rev", "r"})
    if (r.word(word)) {
      v.post = number_after(r);
      return;
    }
  r.back_to(before);
}

void read_dev(Reader& r, Version& v) {
  std::size_t before = r.at();
  r.separator();
  if (r.word("dev"))
    v.dev = number_after(r);
  else
    r.back_to(before);
}

bool read_local(Reader& r, Version& v) {
  if (!r.take('+')) return true;
  do {
    auto part = r.alphanumeric();
    if (part.empty()) return false;
    v.local.emplace_back(part);
  } while (r.separator());
  return true;
}

std::strong_ordering compare_release(const Version& a, const Version& b) {
  static const VersionNumber zero;
  for (std::size_t i = 0; i < std::max(a.release.size(), b.release.size()); ++i) {
    auto order = (i < a.release.size() ? a.release[i] : zero) <=>
                 (i < b.release.size() ? b.release[i] : zero);
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

// 1.0.dev1 < 1.0a1 < 1.0: where there is no phase, a dev release stands before all of them.
int pre_rank(const Version& v) {
  if (v.pre) return 1;
  return !v.post && v.dev ? 0 : 2;
}

std::strong_ordering compare_local(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < std::min(a.local.size(), b.local.size()); ++i) {
    const std::string& x = a.local[i];
    const std::string& y = b.local[i];
    auto number = [](const std::string& s) { return std::all_of(s.begin(), s.end(), is_digit); };
    if (number(x) != number(y)) return number(x) <=> number(y);
    auto order = number(x) ? *Reader(x).number() <=> *Reader(y).number() : x.compare(y) <=> 0;
    if (order != 0) return order;
  }
  return a.local.size() <=> b.local.size();
}

template <class T>
std::strong_ordering compare_optional(const std::optional<T>& a, const std::optional<T>& b,
                                      bool absent_is_last) {
  if (a && b) return *a <=> *b;
  if (!a && !b) return std::strong_ordering::equal;
  return a.has_value() == absent_is_last ? std::strong_ordering::less
                                         : std::strong_ordering::greater;
}

Version without_local(Version v) {
  v.local.clear();
  return v;
}

bool same_release_prefix(const Version& prefix, const Version& v) {
  static const VersionNumber zero;
  if (prefix.epoch != v.epoch) return false;
  for (std::size_t i = 0; i < prefix.release.size(); ++i)
    if (prefix.release[i] != (i < v.release.size() ? v.release[i] : zero)) return false;
  return true;
}

// Of two versions of the same public release the first is a pre-, post- or local one of it.
bool same_base(const Version& a, const Version& b) {
  return a.epoch == b.epoch && compare_release(a, b) == 0;
}

bool holds(const VersionClause& c, const Version& v) {
  using Op = VersionClause::Operator;
  Version bare = without_local(v);
  switch (c.op) {
    case Op::arbitrary: {
      auto wanted = parse_version(c.text);
      return wanted && is_same(*wanted, v);
    }
    case Op::equal:
    case Op::not_equal: {
      bool equal = c.prefix ? same_release_prefix(c.version, v)
                            : is_same(c.version, c.version.local.empty() ? bare : v);
      return equal == (c.op == Op::equal);
    }
    case Op::at_least:
      return compare(bare, c.version) >= 0;
    case Op::at_most:
      return compare(bare, c.version) <= 0;
    case Op::below:
      // A pre-release of the bound is not below it.
      return compare(v, c.version) < 0 &&
             !(v.is_prerelease() && !c.version.is_prerelease() && same_base(v, c.version));
    case Op::above: {
      // Neither a post-release nor a build of the bound is above it (of builds pip says so for all
      // of the same release).
      bool of_bound = (v.post && !c.version.post) || !v.local.empty();
      return compare(v, c.version) > 0 && !(of_bound && same_base(v, c.version));
    }
    case Op::compatible: {
      Version prefix = c.version;
      prefix.release.pop_back();
      return compare(bare, c.version) >= 0 && same_release_prefix(prefix, v);
    }
  }
  return false;
}

struct OperatorName {
  std::string_view name;
  VersionClause::Operator op;
};
// Longer ones first.
constexpr OperatorName operators[] = {
    {"===", VersionClause::Operator::arbitrary}, {"==", VersionClause::Operator::equal},
    {"!=", VersionClause::Operator::not_equal},  {"~=", VersionClause::Operator::compatible},
    {">=", VersionClause::Operator::at_least},   {"<=", VersionClause::Operator::at_most},
    {">", VersionClause::Operator::above},       {"<", VersionClause::Operator::below}};

std::optional<VersionClause> parse_clause(std::string_view text) {
  VersionClause c;
  auto name = std::find_if(std::begin(operators), std::end(operators),
                           [&](const OperatorName& o) { return text.starts_with(o.name); });
  if (name == std::end(operators)) return std::nullopt;
  c.op = name->op;
  text = trim(text.substr(name->name.size()));
  if (c.op == VersionClause::Operator::equal || c.op == VersionClause::Operator::not_equal)
    if (text.ends_with(".*")) {
      c.prefix = true;
      text.remove_suffix(2);
    }
  c.text = text;
  auto version = parse_version(text);
  if (!version && c.op != VersionClause::Operator::arbitrary) return std::nullopt;
  if (version) c.version = std::move(*version);
  bool too_short = c.op == VersionClause::Operator::compatible && c.version.release.size() < 2;
  if (text.empty() || too_short) return std::nullopt;
  return c;
}

// Runs of digits and of everything else, signs left out.
std::vector<std::string> loose_parts(std::string_view s) {
  std::vector<std::string> out;
  bool open = false;
  bool digits = false;
  for (char c : s.substr(0, longest)) {
    bool counts = is_digit(c) || is_alpha(c);
    if (counts && open && digits == is_digit(c)) {
      out.back() += lower(c);
    } else if (counts) {
      out.emplace_back(1, lower(c));
      digits = is_digit(c);
    }
    open = counts;
  }
  return out;
}

int compare_loosely(std::string_view a, std::string_view b) {
  auto x = loose_parts(a);
  auto y = loose_parts(b);
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    bool p = is_digit(x[i][0]);
    bool q = is_digit(y[i][0]);
    if (p != q) return p ? 1 : -1;
    auto order = p ? *Reader(x[i]).number() <=> *Reader(y[i]).number() : x[i].compare(y[i]) <=> 0;
    if (order != 0) return order < 0 ? -1 : 1;
  }
  return x.size() == y.size() ? 0 : x.size() < y.size() ? -1 : 1;
}

}  // namespace

std::optional<Version> parse_version(std::string_view text) {
  std::string s = lower(trim(text));
  if (s.empty() || s.size() > longest) return std::nullopt;
  Reader r(s);
  r.take('v');
  Version v;
  auto n = r.number();
  if (!n) return std::nullopt;
  if (r.take('!')) {
    v.epoch = std::move(*n);
    n = r.number();
    if (!n) return std::nullopt;
  }
  v.release.push_back(std::move(*n));
  for (std::size_t before = r.at(); r.take('.'); before = r.at()) {
    n = r.number();
    if (!n) {
      r.back_to(before);
      break;
    }
    v.release.push_back(std::move(*n));
  }
  read_pre(r, v);
  read_post(r, v);
  read_dev(r, v);
  if (!read_local(r, v) || !r.done()) return std::nullopt;
  return v;
}

std::strong_ordering compare(const Version& a, const Version& b) {
  if (auto order = a.epoch <=> b.epoch; order != 0) return order;
  if (auto order = compare_release(a, b); order != 0) return order;
  if (auto order = pre_rank(a) <=> pre_rank(b); order != 0) return order;
  if (a.pre && b.pre)
    if (auto order = *a.pre <=> *b.pre; order != 0) return order;
  if (auto order = compare_optional(a.post, b.post, false); order != 0) return order;
  if (auto order = compare_optional(a.dev, b.dev, true); order != 0) return order;
  return compare_local(a, b);
}

bool is_same(const Version& a, const Version& b) { return compare(a, b) == 0; }

int compare_versions(std::string_view a, std::string_view b) {
  auto x = parse_version(a);
  auto y = parse_version(b);
  if (!x || !y) return compare_loosely(a, b);
  // A build of its own ("+cu118") is the same release to whoever asks for a range.
  auto order = compare(without_local(std::move(*x)), without_local(std::move(*y)));
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::optional<VersionSpecifier> parse_specifier(std::string_view text) {
  VersionSpecifier out;
  for (std::string_view part : split(text.substr(0, longest * 4), ',')) {
    part = trim(part);
    if (part.empty()) continue;
    auto clause = parse_clause(part);
    if (!clause) return std::nullopt;
    out.push_back(std::move(*clause));
  }
  return out;
}

bool admits(const VersionSpecifier& specifier, const Version& v) {
  return std::all_of(specifier.begin(), specifier.end(),
                     [&](const VersionClause& c) { return holds(c, v); });
}

std::string normalised_package(std::string_view name) {
  std::string out;
  for (char c : name) {
    bool separates = c == '-' || c == '_' || c == '.';
    if (!separates)
      out += lower(c);
    else if (!out.ends_with('-'))
      out += '-';
  }
  return out;
}

namespace {

// ">=1.2.3,<N": N is the release up to `keep` numbers, the last of them raised by one.
std::string from_until(std::string_view from, std::vector<VersionNumber> release,
                       std::size_t keep) {
  release.resize(std::max<std::size_t>(keep, 1));
  std::string until;
  for (std::size_t i = 0; i < release.size(); ++i) {
    std::string digits = release[i].digits;
    if (i + 1 == release.size()) {
      auto n = to_integer(digits);
      digits = n ? std::to_string(*n + 1) : digits + "0";
    }
    until += (until.empty() ? "" : ".") + digits;
  }
  return ">=" + std::string(from) + ",<" + until;
}

std::string one_as_specifier(std::string_view range) {
  range = trim(range);
  std::string_view version =
      trim(range.substr(range.find_first_not_of("^~=v ") == std::string_view::npos
                            ? range.size()
                            : range.find_first_not_of("^~=v ")));
  if (range == "*" || range == "latest" || range == "x") return "";
  if (version.ends_with(".x") || version.ends_with(".*")) {
    if (range.starts_with('=') || range == version)
      return "==" + std::string(version.substr(0, version.size() - 1)) + "*";
    return std::string(range);
  }
  auto v = parse_version(version);
  if (!v) return std::string(range);
  if (range.starts_with('^')) {
    // The first number that is not 0 stays.
    std::size_t keep = 1;
    while (keep < v->release.size() && v->release[keep - 1].digits == "0") ++keep;
    return from_until(version, v->release, keep);
  }
  if (range.starts_with('~') && !range.starts_with("~="))
    return from_until(version, v->release, v->release.size() == 1 ? 1 : 2);
  if (range.starts_with('=') && !range.starts_with("==")) return "==" + std::string(version) + ".*";
  if (range == version) return "==" + std::string(version);
  return std::string(range);
}

}  // namespace

std::string as_specifier(std::string_view range) {
  std::string out;
  for (std::string_view part : split(range, ',')) {
    std::string one = one_as_specifier(part);
    if (!one.empty()) out += (out.empty() ? "" : ",") + one;
  }
  return out;
}

}  // namespace parapet
