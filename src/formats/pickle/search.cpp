#include "formats/pickle/search.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "formats/pickle/machine.h"

namespace parapet::pickle {
namespace {

constexpr std::size_t longest_name = 120;

bool identifier_at(std::string_view s) {
  if (s.empty() || s.size() > longest_name || is_digit(s[0])) return false;
  return std::all_of(s.begin(), s.end(), [](char c) { return is_word(c) || c == '.'; });
}

// A line at `i` that is a dotted name; moves `i` behind its newline.
bool name_line(std::string_view s, std::size_t& i) {
  auto rest = s.substr(std::min(i, s.size()), longest_name + 2);
  auto end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  auto line = rest.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!identifier_at(line)) return false;
  i += end + 1;
  return true;
}

// A text opcode at `i` whose content is a dotted name; moves `i` behind it.
bool name_text(std::string_view s, std::size_t& i) {
  auto byte = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U; };
  std::size_t start = 0, length = 0;
  switch (byte(i)) {
    case 0x8c:
    case 'U':
      start = i + 2;
      length = byte(i + 1);
      break;
    case 'X':
    case 'T':
      if (byte(i + 2) != 0 || byte(i + 3) != 0 || byte(i + 4) != 0) return false;
      start = i + 5;
      length = byte(i + 1);
      break;
    case 'V':
      ++i;
      return name_line(s, i);
    case 'S': {
      char quote = static_cast<char>(byte(i + 1));
      if (quote != '\'' && quote != '"') return false;
      auto rest = s.substr(std::min(i + 2, s.size()), longest_name + 2);
      auto end = rest.find(quote);
      if (end == std::string_view::npos || !identifier_at(rest.substr(0, end)) ||
          byte(i + 3 + end) != '\n')
        return false;
      i += end + 4;
      return true;
    }
    default:
      return false;
  }
  if (start + length > s.size() || !identifier_at(s.substr(start, length))) return false;
  i = start + length;
  return true;
}

bool plausible(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_word(c) || c == '.' || (c & '\x80') != 0;
  }) && is_utf8(name);
}

// Did the try reach something that a load would import and call?
bool tells(const Reading& r) {
  for (const auto& g : r.globals)
    if (g.imports > 0 && g.module != "?" && (!plausible(g.module) || !plausible(g.name)))
      return false;
  if (std::none_of(r.globals.begin(), r.globals.end(), [](const Global& g) {
        return g.imports > 0 && g.module != "?" && g.name != "?";
      }))
    return false;
  return r.calls > 0 || r.stopped;
}

// Bytes that a try is made at.
constexpr std::array<bool, 256> make_starts() {
  std::array<bool, 256> a{};
  for (unsigned c :
       {0x80U, 0x8cU, 0U + 'c', 0U + 'i', 0U + 'X', 0U + 'V', 0U + 'S', 0U + 'U', 0U + 'T'})
    a[c] = true;
  return a;
}
constexpr auto starts = make_starts();

}  // namespace

bool is_container(Bytes bytes) {
  auto s = as_text(bytes);
  for (std::string_view magic :
       {std::string_view("PK\x03\x04", 4), std::string_view("PK\x05\x06", 4),
        std::string_view("\x1f\x8b", 2), std::string_view("7z\xbc\xaf\x27\x1c", 6),
        std::string_view("\xfd"
                         "7zXZ",
                         5),
        std::string_view("BZh"), std::string_view("\x28\xb5\x2f\xfd", 4),
        std::string_view("\x93NUMPY"), std::string_view("\x04\x22\x4d\x18", 4),
        std::string_view("Rar!"), std::string_view("\x89HDF\r\n\x1a\n", 8)})
    if (s.starts_with(magic)) return true;
  return s.size() > 265 && s.substr(257, 5) == "ustar";
}

bool starts_like_pickle(Bytes bytes, Budget& budget, unsigned streams) {
  auto s = as_text(bytes);
  if (s.size() < 2) return false;
  bool marked = static_cast<unsigned char>(s[0]) == 0x80 && static_cast<unsigned char>(s[1]) <= 5;
  if (!marked && is_container(bytes)) return false;  // "PK…" would read as a persistent id
  MachineOptions options;
  options.stop_at_call = true;
  options.most_opcodes = marked ? 16 : 512;
  Reading r = Machine(bytes, budget, options).run(0);
  bool running = r.opcodes >= options.most_opcodes;
  if (marked)
    return r.stopped || running || r.opcodes > 5 || !r.globals.empty() || r.extensions > 0 ||
           r.truncated;
  if (r.calls > 0 || (!r.globals.empty() && r.stopped)) return tells(r);
  if (!r.globals.empty() && r.truncated)
    return tells(r) || r.globals[0].judged.verdict == Verdict::dangerous;
  if (running) return true;
  if (r.dangerous() > 0 && r.opcodes > 3) return true;
  if (!r.stopped || r.opcodes < 4) return false;
  if (r.end == bytes.size()) return true;
  // A harmless stream of text opcodes says little; one more behind it says enough.
  return streams < 8 && starts_like_pickle(bytes.subspan(r.end), budget, streams + 1);
}

bool is_whole_pickle(Bytes bytes, Budget& budget) {
  MachineOptions options;
  options.most_opcodes = 4096;
  Reading r = Machine(bytes, budget, options).run(0);
  return r.well_formed && r.end == bytes.size() && r.opcodes > 1;
}

std::optional<std::uint64_t> find_stream(Bytes bytes, std::uint64_t from, std::uint64_t to,
                                         Budget& budget, std::uint64_t& effort) {
  auto s = as_text(bytes);
  auto byte = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U; };
  to = std::min<std::uint64_t>(to, s.size());
  auto attempt = [&](std::uint64_t at, std::uint64_t most) {
    if (effort == 0 || budget.spent() != nullptr) return false;
    MachineOptions options;
    options.lenient = true;
    options.stop_at_call = true;
    options.most_opcodes = std::min(most, effort);
    Reading r = Machine(bytes, budget, options).run(at);
    effort -= std::min(effort, r.opcodes + 16);
    return tells(r);
  };
  for (std::uint64_t i = from; i < to; ++i) {
    unsigned c = static_cast<unsigned char>(s[i]);
    if (!starts[c]) continue;
    if (c == 0x80) {
      if (byte(i + 1) <= 5 && attempt(i, 20'000)) return i;
      continue;
    }
    std::size_t k = i + 1;
    if (c == 'c') {
      if (!name_line(s, k) || !name_line(s, k)) continue;
      std::uint64_t start = i > from && s[i - 1] == '(' ? i - 1 : i;
      if (attempt(start, 256)) return start;
    } else if (c == 'i') {
      if (!name_line(s, k) || !name_line(s, k)) continue;
      // INST takes what lies above a mark: there must be one in front from which all is sound.
      unsigned tries = 0;
      for (std::uint64_t b = i; b-- > from && i - b < 4096 && tries < 32;) {
        if (s[b] != '(') continue;
        ++tries;
        if (attempt(b, 256)) return b;
      }
    } else {
      k = i;
      if (!name_text(s, k)) continue;
      // A second name and STACK_GLOBAL must follow, with nothing but memo opcodes between.
      auto skip_memo = [&] {
        if (byte(k) == 0x94)
          ++k;
        else if (byte(k) == 'q')
          k += 2;
        else if (byte(k) == 'r')
          k += 5;
        else if (byte(k) == 'p')
          while (byte(k) != '\n' && k < s.size() && k < i + 400) ++k;
      };
      skip_memo();
      if (!name_text(s, k)) continue;
      skip_memo();
      if (byte(k) == 0x93 && attempt(i, 256)) return i;
    }
  }
  return {};
}

}  // namespace parapet::pickle
