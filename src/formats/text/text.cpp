#include "formats/text/text.h"

#include <algorithm>

#include "base/text.h"

namespace parapet::text {
namespace {

constexpr std::size_t longest = 32U << 20U;  // bytes a tree is built of
constexpr std::size_t most_nodes = 500'000;  // a node takes about 150 bytes, vectors double it

struct Found {
  std::size_t count = 0, offset = 0, length = 0;
  std::string spelled;  // what the tag characters say, shown as ASCII
};

void count_hidden(std::string_view s, Found& invisible, Found& turning) {
  std::uint32_t before = 0;
  for (std::size_t i = 0; i < s.size();) {
    auto byte = [&](std::size_t k) {
      return i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0U;
    };
    // Only three- and four-byte sequences can be meant.
    unsigned b = byte(0);
    std::size_t n = b < 0xE0 ? 1 : b < 0xF0 ? 3 : 4;
    std::uint32_t c = n == 3   ? (b & 0xFU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU)
                      : n == 4 ? (b & 7U) << 18U | (byte(1) & 0x3FU) << 12U |
                                     (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU)
                               : b;
    bool tag = c >= 0xE0000 && c <= 0xE007F;
    bool zero_width = c == 0x200B || c == 0x2060 || (c == 0xFEFF && i != 0);
    bool turns = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    bool flag = before == 0x1F3F4;  // a flag is spelled in tags
    Found* f = turns ? &turning : (tag && !flag) || zero_width ? &invisible : nullptr;
    if (f != nullptr) {
      if (f->count++ == 0) f->offset = i, f->length = n;
      if (tag && f->spelled.size() < 120 && c > 0xE0020 - 1)
        f->spelled += static_cast<char>(c - 0xE0000);
    }
    if (!tag) before = c;
    i += n;
  }
}

}  // namespace

bool named(const Artifact& a, std::initializer_list<std::string_view> extensions,
           std::initializer_list<std::string_view> names) {
  std::string_view name = file_name(a.name);
  std::string ext = extension(a.name);
  bool by_name = std::any_of(names.begin(), names.end(),
                             [&](std::string_view n) { return equals_ignoring_case(n, name); });
  if (!by_name && std::find(extensions.begin(), extensions.end(), ext) == extensions.end())
    return false;
  return a.is_text();
}

void report_hidden_text(const Artifact& a, Sink& sink) {
  std::string_view s = as_text(a.bytes);
  Found invisible;
  Found turning;
  count_hidden(s, invisible, turning);
  auto report = [&](const Found& f, const std::string& says) {
    std::string_view head = s.substr(0, f.offset);
    auto line = static_cast<std::uint32_t>(std::count(head.begin(), head.end(), '\n') + 1);
    auto start = head.rfind('\n');
    auto column = static_cast<std::uint32_t>(f.offset -
                                             (start == std::string_view::npos ? 0 : start + 1) + 1);
    sink.anomaly("hidden-text", says,
                 {f.offset, std::min(f.length, s.size() - f.offset), line, column, {}});
  };
  // One zero-width space is an accident of copying; a tag character never is.
  if (!invisible.spelled.empty())
    report(invisible, std::to_string(invisible.count) + " invisible characters that spell \"" +
                          printable(invisible.spelled) + "\"");
  else if (invisible.count > 3)
    report(invisible, std::to_string(invisible.count) + " characters that show as nothing");
  if (turning.count > 0)
    report(turning,
           std::to_string(turning.count) +
               " characters that turn the direction of the text: it does not read as it runs");
}

std::string without_templates(std::string_view text) {
  std::string out(text);
  bool any = false;
  struct Mark {
    std::string_view open, close;
    bool value;
  };
  constexpr Mark marks[] = {{"{{", "}}", true}, {"{%", "%}", false}, {"{#", "#}", false}};
  for (std::size_t i = out.find('{'); i != std::string::npos; i = out.find('{', i)) {
    const Mark* mark = nullptr;
    for (const Mark& m : marks)
      if (text.substr(i).starts_with(m.open)) mark = &m;
    if (mark == nullptr ||
        (i > 0 && text[i - 1] == '$' && mark->value)) {  // ${{ }} is a value of its own
      ++i;
      continue;
    }
    std::size_t end = text.find(mark->close, i + 2);
    if (end == std::string_view::npos) break;
    end += 2;
    any = true;
    // Alone on its line: only blanks before and after.
    std::size_t from = i;
    while (from > 0 && (text[from - 1] == ' ' || text[from - 1] == '\t')) --from;
    std::size_t to = end;
    while (to < text.size() && (text[to] == ' ' || text[to] == '\t' || text[to] == '\r')) ++to;
    bool alone = (from == 0 || text[from - 1] == '\n') && (to == text.size() || text[to] == '\n');
    for (std::size_t k = i; k < end; ++k)
      if (out[k] != '\n')
        out[k] = !mark->value || alone ? ' ' : is_word(out[k]) || out[k] == '.' ? out[k] : '_';
    if (mark->value && !alone) out[i] = '$', out[i + 1] = '{', out[end - 2] = '}';
    i = end;
  }
  return any ? out : std::string();
}

void read(const Artifact& a, Sink& sink, std::string_view kind, Parse parse) {
  if (a.bytes.size() > longest) {
    sink.partly("too long for a " + std::string(kind) + " tree: only the text was looked at");
    return;
  }
  std::size_t nodes = 0;
  KeepGoing keep_going = [&] { return ++nodes <= most_nodes && sink.next(); };
  Parsed parsed = parse(as_text(a.bytes), keep_going);
  std::string blanked;
  if (!parsed.ok()) blanked = without_templates(as_text(a.bytes));
  if (!blanked.empty()) {
    nodes = 0;
    Parsed again = parse(blanked, keep_going);
    sink.partly("a template, not plain " + std::string(kind) +
                ": what stands in {{ }} is not known");
    if (again.ok() || again.problem_at.offset > parsed.problem_at.offset) parsed = std::move(again);
  } else if (!parsed.ok()) {
    sink.anomaly("malformed", parsed.problem, parsed.problem_at);
    sink.partly(parsed.problem + " at line " + std::to_string(parsed.problem_at.line));
  }
  for (Note& n : parsed.notes) sink.anomaly(n.name, std::move(n.says), std::move(n.at));
  if (!parsed.documents.empty()) sink.is(kind);
  for (Document& d : parsed.documents) sink.document(std::move(d));
  report_hidden_text(a, sink);
}

}  // namespace parapet::text
