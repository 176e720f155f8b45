#include "match/credentials.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>

#include "base/text.h"
#include "match/decode.h"
#include "match/secrecy.h"

namespace parapet {
namespace {

using Check = CredentialKind::Check;

static_assert(CredentialKind::shortest_keyword >= Keyword::shortest);
constexpr std::size_t hits_per_text = 2000;
constexpr unsigned deepest_level = 2;  // what is encoded in what is encoded
constexpr std::size_t decoded_up_to = 1U << 20U;
constexpr std::uint32_t most_groups = 32;  // capture groups of a user's rule that are looked at
constexpr std::size_t look_behind = 8;     // bytes before a match that its pattern may look at

// The variable, key or flag that a value at `at` is given to: `HF_TOKEN = "`, `"api_key": "`.
std::string name_before(std::string_view text, std::size_t at) {
  std::size_t i = at;
  std::size_t least = at > 16 ? at - 16 : 0;
  while (i > least && (is_space(text[i - 1]) || contains("\"'\\=:>([,{|", text.substr(i - 1, 1)))) {
    if (text[i - 1] == '\n') return {};
    --i;
  }
  if (i == at) return {};
  std::size_t end = i;
  while (i > 0 && end - i < 64 &&
         (is_word(text[i - 1]) || text[i - 1] == '.' || text[i - 1] == '-'))
    --i;
  auto name = text.substr(i, end - i);
  while (!name.empty() && !is_word(name.front())) name.remove_prefix(1);
  return std::string(name);
}

// The whole identifier around a keyword that was matched at `at`.
std::string name_at(std::string_view text, std::size_t at) {
  std::size_t begin = at;
  std::size_t end = at;
  while (begin > 0 && at - begin < 48 && is_word(text[begin - 1])) --begin;
  while (end < text.size() && end - at < 64 && (is_word(text[end]) || text[end] == '-')) ++end;
  return std::string(text.substr(begin, end - begin));
}

bool passes(Check c, std::string_view secret) {
  switch (c) {
    case Check::github_crc32:
      return true;  // said in the hit: a wrong sum makes it doubtful, not absent
    case Check::base64:
      return base64_decoded(secret, decoded_up_to).has_value();
    case Check::base64_pair: {
      auto pair = base64_decoded(secret, 4096);
      if (!pair || !is_readable(*pair)) return false;
      auto halves = split_once(*pair, ":");
      return halves.found && !halves.before.empty() && !is_stand_in(halves.after);
    }
    case Check::base64_pem: {
      auto pem = base64_decoded(secret, 64);
      return pem && pem->starts_with("-----BEGIN ");
    }
    case Check::base64_json: {
      auto json = base64_decoded(secret, 64);
      return json && json->starts_with("{\"");
    }
    case Check::jwt:
      return is_jwt(secret);
    case Check::mixed: {
      bool small = false, big = false, digit = false;
      for (char ch : secret) {
        digit = digit || is_digit(ch);
        small = small || (ch >= 'a' && ch <= 'z');
        big = big || (ch >= 'A' && ch <= 'Z');
      }
      return small + big + digit >= 2;
    }
    case Check::random:
      return looks_random(secret);
  }
  return false;
}

// Of two hits on the same bytes the one that says more wins.
int rank(const CredentialHit& h, bool holds_keyword) {
  if (h.kind->shipped_default) return 4;
  if (h.kind->group == "generic") return 0;
  if (h.kind->group == "session" || h.kind->group == "url") return 1;
  return holds_keyword ? 3 : 2;
}

bool holds(const std::vector<std::string>& list, std::string_view what) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& s) { return what.starts_with(s); });
}

}  // namespace

std::string_view to_text(Where w) {
  constexpr std::array<std::string_view, 6> names{"source", "output", "metadata",
                                                  "env",    "config", "pickle"};
  return names[static_cast<std::size_t>(w)];
}

Where where_of(std::string_view artifact_name, const std::vector<std::string>& formats) {
  for (const auto& f : formats)
    if (f == "pickle") return Where::pickle;
  std::string name = lower(file_name(artifact_name));
  if (name.starts_with("cell-") && contains(name, "output")) return Where::output;
  if (name.starts_with("metadata") || contains(name, "-metadata")) return Where::metadata;
  if (name == ".env" || name.starts_with(".env.") || name == ".envrc" || name.ends_with(".env"))
    return Where::env;
  if (name == ".netrc" || name == ".pypirc" || name == ".npmrc" || name == "credentials" ||
      name == "config" || name == ".databrickscfg" || name == ".condarc")
    return Where::config;
  constexpr std::array<std::string_view, 14> configs{
      "yaml",       "yml",    "json", "toml",    "ini",    "cfg", "conf",
      "properties", "tfvars", "tf",   "tfstate", "config", "hcl", "xml"};
  std::string ext = extension(artifact_name);
  return std::find(configs.begin(), configs.end(), ext) != configs.end() ? Where::config
                                                                         : Where::source;
}

namespace {

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;

// Null, and `problem` says where, when the pattern is wrong.
Code compile_regex(std::string_view pattern, std::uint32_t options, std::string& problem) {
  int error = 0;
  std::size_t at = 0;
  Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options,
                          &error, &at, nullptr));
  if (code == nullptr) {
    PCRE2_UCHAR text[160] = {};
    pcre2_get_error_message(error, text, sizeof text);
    problem = "the pattern does not compile at character " + std::to_string(at) + ": " +
              reinterpret_cast<const char*>(text);
    return code;
  }
  pcre2_jit_compile(code.get(),
                    PCRE2_JIT_COMPLETE);  // without it matching is slower, not different
  return code;
}

}  // namespace

struct CredentialMatcher::Pattern {
  std::once_flag once;
  Code code;  // null after compiling: the pattern is wrong, and matches nothing
  Code path;
  struct Allowed {
    std::vector<Code> paths, regexes;
  };
  std::vector<Allowed> allowed;  // as CredentialKind::allowed

  // What is wrong with the kind's patterns; empty: nothing.
  std::string compile(const CredentialKind& k) {
    std::string problem;
    std::uint32_t options =
        k.whole_text || k.before != 0 || k.after != 0 ? 0U : std::uint32_t{PCRE2_ANCHORED};
    if (!k.pattern.empty()) code = compile_regex(k.pattern, options, problem);
    if (!k.path.empty()) path = compile_regex(k.path, 0, problem);
    for (const auto& a : k.allowed) {
      allowed.emplace_back();
      for (const std::string& r : a.paths)
        allowed.back().paths.push_back(compile_regex(r, 0, problem));
      for (const std::string& r : a.regexes)
        allowed.back().regexes.push_back(compile_regex(r, 0, problem));
    }
    if (!problem.empty() || k.whole_text) return problem;
    std::uint32_t groups = 0;
    pcre2_pattern_info(code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
    return groups == 1 ? "" : "the pattern needs one capture group, has " + std::to_string(groups);
  }
};

// What one call of find() carries along, all levels of decoding together.
struct CredentialMatcher::Search {
  Where where;
  std::string_view path;
  std::uint64_t effort_left;  // bytes of subject that may be handed to patterns
  unsigned level = 0;
  bool limited = false;
  bool cut = false;  // an encoded run was longer than is decoded
  pcre2_match_data* data = pcre2_match_data_create(most_groups, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  struct Ranked {
    CredentialHit hit;
    int rank;
  };
  std::vector<Ranked> hits;                                // of the text being searched
  std::set<std::pair<std::uint32_t, std::uint64_t>> seen;  // kind and offset

  Search(Where w, std::string_view p, std::uint64_t effort)
      : where(w), path(p), effort_left(effort) {
    pcre2_set_match_limit(context, 200'000);
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;
  ~Search() {
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
  }
  bool matches(const Code& code, std::string_view text) const {
    return code != nullptr && pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                          text.size(), 0, 0, data, context) >= 0;
  }
  bool spend(std::uint64_t n) {
    if (n > effort_left || hits.size() >= hits_per_text) limited = true;
    if (limited) return false;
    effort_left -= n;
    return true;
  }
};

CredentialMatcher::CredentialMatcher(std::vector<CredentialKind> kinds)
    : kinds_(std::move(kinds)), patterns_(new Pattern[kinds_.size()]) {
  std::map<std::pair<std::string, bool>, std::size_t> at;
  for (std::uint32_t k = 0; k < kinds_.size(); ++k) {
    if (kinds_[k].keywords.empty()) without_keyword_.push_back(k);
    for (const std::string& word : kinds_[k].keywords) {
      auto [it, added] = at.try_emplace({word, kinds_[k].exact_case}, literals_.size());
      if (added) {
        literals_.push_back({word, kinds_[k].exact_case});
        kinds_of_.emplace_back();
      }
      kinds_of_[it->second].push_back(k);
    }
  }
  keywords_ = std::make_unique<const Keywords>(literals_);
}

CredentialMatcher::~CredentialMatcher() = default;

Result<std::shared_ptr<const CredentialMatcher>> CredentialMatcher::make(
    std::vector<CredentialKind> kinds, bool check_patterns) {
  std::shared_ptr<CredentialMatcher> m(new CredentialMatcher(std::move(kinds)));
  for (std::size_t k = 0; check_patterns && k < m->kinds_.size(); ++k) {
    Pattern trial;
    std::string problem = trial.compile(m->kinds_[k]);
    if (!problem.empty()) return Fail(Error{"credential kind " + m->kinds_[k].id, problem});
  }
  return std::shared_ptr<const CredentialMatcher>(std::move(m));
}

const CredentialMatcher::Pattern& CredentialMatcher::compiled(std::uint32_t kind) const {
  Pattern& p = patterns_[kind];
  std::call_once(p.once, [&] { p.compile(kinds_[kind]); });
  return p;
}

void CredentialMatcher::try_kind(std::string_view text, std::uint32_t kind, std::size_t begin,
                                 std::size_t end, Search& s) const {
  const CredentialKind& k = kinds_[kind];
  if (!k.only.empty() && !holds(k.only, to_text(s.where))) return;
  bool anchored = k.before == 0 && k.after == 0;
  std::size_t from = anchored ? begin : begin - std::min<std::size_t>(begin, k.before);
  std::size_t to = std::min<std::size_t>(text.size(), anchored ? begin + k.span : end + k.after);
  // A token that the window cuts is taken whole.
  for (std::size_t more = 0;
       !anchored && more < k.span && to < text.size() && is_base64_letter(text[to]); ++more)
    ++to;
  std::size_t base = from - std::min(from, look_behind);
  const Pattern& pattern = compiled(kind);
  if (pattern.code == nullptr) return;
  auto subject = text.substr(base, to - base);
  std::size_t start = from - base;
  while (start < subject.size() && s.spend(anchored ? 32 : subject.size() - start)) {
    int found = pcre2_match(pattern.code.get(), reinterpret_cast<PCRE2_SPTR>(subject.data()),
                            subject.size(), start, 0, s.data, s.context);
    if (found < 2) return;
    const std::size_t* at = pcre2_get_ovector_pointer(s.data);
    std::size_t match_begin = at[0];
    std::size_t secret_begin = at[2];
    std::size_t secret_end = at[3];
    start = std::max(at[1], start + 1);
    s.effort_left -= std::min<std::uint64_t>(s.effort_left, at[1] - match_begin);
    auto secret = subject.substr(secret_begin, secret_end - secret_begin);
    std::uint64_t offset = base + secret_begin;
    bool fits =
        secret.size() >= std::max<std::size_t>(k.min_length, 1) &&
        (k.min_entropy <= 0 || entropy(secret) >= k.min_entropy) &&
        std::all_of(k.checks.begin(), k.checks.end(), [&](Check c) { return passes(c, secret); });
    if (fits && s.seen.emplace(kind, offset).second) {
      CredentialHit h;
      h.kind = &k;
      h.offset = offset;
      h.length = secret.size();
      h.secret = secret;
      h.placeholder = !k.shipped_default && (is_stand_in(secret) || holds(k.known, secret));
      bool holds_keyword = anchored && match_begin == secret_begin;
      h.name = holds_keyword || !anchored ? name_before(text, offset)
                                          : name_at(text, base + match_begin);
      if (!holds_keyword && !k.shipped_default && names_stand_in(h.name)) h.placeholder = true;
      bool has_sum =
          std::find(k.checks.begin(), k.checks.end(), Check::github_crc32) != k.checks.end();
      if (has_sum)
        h.checksum = has_github_checksum(secret) ? CredentialHit::Checksum::right
                                                 : CredentialHit::Checksum::wrong;
      // Among equals the longer keyword knows more: "machine api.wandb.ai" than "machine".
      int how_much =
          rank(h, holds_keyword) * 100 + static_cast<int>(std::min<std::size_t>(end - begin, 99));
      s.hits.push_back({std::move(h), how_much});
    }
    if (anchored) return;
  }
}

namespace {

std::string_view line_around(std::string_view text, std::size_t at) {
  std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  return text.substr(begin, text.find('\n', at) - begin);
}

bool holds_stop_word(const std::vector<std::string>& words, std::string_view secret) {
  std::string low = lower(secret);
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& w) { return contains(low, lower(w)); });
}

}  // namespace

// Users' rules: their pattern over the whole text, once.
void CredentialMatcher::try_whole(std::string_view text, std::uint32_t kind, Search& s) const {
  const CredentialKind& k = kinds_[kind];
  const Pattern& pattern = compiled(kind);
  if (pattern.path != nullptr && !s.matches(pattern.path, s.path)) return;
  if (pattern.code == nullptr) {  // the file itself
    if (pattern.path != nullptr && s.level == 0) {
      CredentialHit h;
      h.kind = &k;
      h.secret = std::string(file_name(s.path));
      s.hits.push_back({std::move(h), 100});
    }
    return;
  }
  auto is_allowed = [&](std::string_view secret, std::string_view match, std::size_t at) {
    using Target = CredentialKind::Allowed::Target;
    for (std::size_t i = 0; i < k.allowed.size(); ++i) {
      const auto& a = k.allowed[i];
      std::string_view target = a.target == Target::secret  ? secret
                                : a.target == Target::match ? match
                                                            : line_around(text, at);
      auto any = [&](const std::vector<Code>& list, std::string_view in) {
        return std::any_of(list.begin(), list.end(),
                           [&](const Code& c) { return s.matches(c, in); });
      };
      std::vector<bool> said;
      if (!a.paths.empty()) said.push_back(any(pattern.allowed[i].paths, s.path));
      if (!a.regexes.empty()) said.push_back(any(pattern.allowed[i].regexes, target));
      if (!a.stop_words.empty()) said.push_back(holds_stop_word(a.stop_words, secret));
      auto yes = static_cast<std::size_t>(std::count(said.begin(), said.end(), true));
      if (yes != 0 && (!a.all || yes == said.size())) return true;
    }
    return false;
  };
  if (!s.spend(text.size())) return;
  for (std::size_t start = 0; start <= text.size() && s.spend(16);) {
    int found = pcre2_match(pattern.code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                            text.size(), start, 0, s.data, s.context);
    if (found == PCRE2_ERROR_MATCHLIMIT) s.limited = true;
    if (found < 0) return;
    const std::size_t* at = pcre2_get_ovector_pointer(s.data);
    auto groups = static_cast<std::uint32_t>(found == 0 ? static_cast<int>(most_groups) : found);
    std::uint32_t g = k.secret_group < groups ? k.secret_group : 0;
    for (std::uint32_t i = 1; g == 0 && i < groups; ++i)
      if (at[2 * i] != PCRE2_UNSET && at[2 * i + 1] > at[2 * i]) g = i;
    std::size_t match_begin = at[0];
    std::size_t match_end = at[1];
    std::size_t begin = at[2 * g] == PCRE2_UNSET ? match_begin : at[2 * g];
    std::size_t end = at[2 * g] == PCRE2_UNSET ? match_end : at[2 * g + 1];
    start = std::max(match_end, start + 1);
    auto secret = text.substr(begin, end - begin);
    if (secret.empty() || (k.min_entropy > 0 && entropy(secret) < k.min_entropy)) continue;
    if (is_allowed(secret, text.substr(match_begin, match_end - match_begin), match_begin))
      continue;
    CredentialHit h;
    h.kind = &k;
    h.offset = begin;
    h.length = secret.size();
    h.secret = secret;
    h.name = name_before(text, begin);
    s.hits.push_back({std::move(h), 150});
  }
}

void CredentialMatcher::search_encoded(std::string_view text, Search& s) const {
  std::vector<Search::Ranked> found;
  decode_runs(text, [&](EncodedRun&& run) {
    if (!s.spend(run.decoded.size())) return false;
    s.cut = s.cut || run.cut;
    auto outer_hits = std::exchange(s.hits, {});
    auto outer_seen = std::exchange(s.seen, {});
    ++s.level;
    search(run.decoded, s);
    --s.level;
    for (auto& r : s.hits) {
      r.hit.offset = run.offset;
      r.hit.length = run.length;
      r.hit.encoded = std::string(run.form) + (r.hit.encoded.empty() ? "" : "+") + r.hit.encoded;
      found.push_back(std::move(r));
    }
    s.hits = std::move(outer_hits);
    s.seen = std::move(outer_seen);
    return !s.limited;
  });
  for (auto& r : found) {
    auto overlaps = [&](const Search::Ranked& d) {
      return d.hit.encoded.empty() && d.hit.offset < r.hit.offset + r.hit.length &&
             r.hit.offset < d.hit.offset + d.hit.length;
    };
    bool covered = std::any_of(s.hits.begin(), s.hits.end(), [&](const Search::Ranked& d) {
      return overlaps(d) && d.rank >= std::max(r.rank, 100);
    });
    if (covered || r.hit.placeholder) continue;
    std::erase_if(s.hits, overlaps);
    s.hits.push_back(std::move(r));
  }
}

// The hits of one text, the best of those that overlap, by offset; what is inside base64 after it.
void CredentialMatcher::search(std::string_view text, Search& s) const {
  std::set<std::uint32_t> whole(without_keyword_.begin(), without_keyword_.end());
  keywords_->scan(text, [&](std::uint32_t id, std::size_t end) {
    std::size_t begin = end - (*keywords_)[id].text.size();
    for (std::uint32_t kind : kinds_of_[id])
      if (kinds_[kind].whole_text)
        whole.insert(kind);
      else
        try_kind(text, kind, begin, end, s);
    return !s.limited;
  });
  for (std::uint32_t kind : whole) try_whole(text, kind, s);
  std::stable_sort(s.hits.begin(), s.hits.end(), [](const auto& a, const auto& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.hit.length > b.hit.length;
  });
  std::map<std::uint64_t, std::uint64_t> taken;  // begin -> end
  std::erase_if(s.hits, [&](const Search::Ranked& r) {
    std::uint64_t begin = r.hit.offset;
    std::uint64_t end = begin + r.hit.length;
    auto next = taken.lower_bound(begin);
    bool free = (next == taken.end() || next->first >= end) &&
                (next == taken.begin() || std::prev(next)->second <= begin);
    if (free) taken.emplace(begin, end);
    return !free;
  });
  if (s.level < deepest_level) search_encoded(text, s);
  std::stable_sort(s.hits.begin(), s.hits.end(),
                   [](const auto& a, const auto& b) { return a.hit.offset < b.hit.offset; });
}

bool CredentialMatcher::find(std::string_view text, Where where,
                             const std::function<void(const CredentialHit&)>& visit,
                             std::string_view path) const {
  Search s(where, path, (64ULL << 20U) + 64 * text.size());
  search(text, s);
  for (const auto& r : s.hits) visit(r.hit);
  return !s.limited && !s.cut;
}

}  // namespace parapet
