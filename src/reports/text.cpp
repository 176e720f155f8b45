// Terminal text: the findings first, most severe first, those of one rule together; then counts,
// coverage, what could not be read, and one closing line.
#include "base/text.h"

#include <algorithm>

#include "reports/report.h"
#include "reports/shared/summary.h"

namespace parapet::reports {
namespace {

constexpr std::size_t full_places = 3, listed_places = 12, shown_related = 3, shown_artifacts = 10;
constexpr std::size_t label_width = 9;

constexpr std::string_view bold = "\x1b[1m", dim = "\x1b[2m", cyan = "\x1b[36m", reset = "\x1b[0m";

std::string_view colour_of(Severity s) {
  switch (s) {
    case Severity::critical:
      return "\x1b[1;97;41m";
    case Severity::high:
      return "\x1b[1;31m";
    case Severity::medium:
      return "\x1b[1;33m";
    case Severity::low:
      return "\x1b[1;34m";
    case Severity::info:
      return "\x1b[2m";
  }
  return "";
}

std::string upper(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::size_t columns(std::string_view s) {
  std::size_t n = 0;
  while (!s.empty()) take_code_point(s), ++n;
  return n;
}

std::string padded(std::string_view s, std::size_t width) {
  std::string out(s);
  auto have = columns(s);
  if (have < width) out.append(width - have, ' ');
  return out;
}

std::string right(std::string_view s, std::size_t width) {
  auto have = columns(s);
  return std::string(have < width ? width - have : 0, ' ') + std::string(s);
}

// The findings of one rule, in the scan's order; placed where its most severe one stands.
struct Group {
  const RuleCard* rule = nullptr;
  std::vector<const Finding*> findings;
};

std::vector<Group> grouped(const Scan& scan) {
  std::vector<Group> out;
  std::map<std::string_view, std::size_t> where;
  for (const auto& f : scan.findings) {
    auto [at, fresh] = where.emplace(f.rule, out.size());
    if (fresh) out.push_back({scan.rule(f.rule), {}});
    out[at->second].findings.push_back(&f);
  }
  return out;
}

class Writer {
 public:
  Writer(const Scan& scan, const ReportOptions& options)
      : scan_(scan),
        options_(options),
        width_(std::clamp<std::size_t>(options.width, 50, 140)),
        techniques_(technique_cards(scan)) {}

  std::string write() {
    for (const auto& g : grouped(scan_)) group(g);
    if (!scan_.findings.empty()) counts_table();
    accepted();
    coverage();
    unread();
    notes();
    closing();
    return std::move(out_);
  }

 private:
  std::string painted(std::string_view style, std::string_view text) const {
    return options_.colour ? std::string(style) + std::string(text) + std::string(reset)
                           : std::string(text);
  }
  void line(std::string_view text = {}) { out_ += text, out_ += '\n'; }

  // `text` broken at spaces; every line but the first starts with `indent` spaces, and the first
  // with `lead`, which takes `indent` columns on the screen.
  void wrapped(std::string_view lead, std::size_t indent, std::string_view text) {
    out_ += lead;
    std::size_t at = indent;
    bool first = true;
    for (auto word : split(text, ' ')) {
      if (word.empty()) continue;
      auto n = columns(word);
      if (!first && at + 1 + n > width_) {
        out_ += '\n' + std::string(indent, ' ');
        at = indent, first = true;
      }
      if (!first) out_ += ' ', ++at;
      out_ += word;
      at += n, first = false;
    }
    out_ += '\n';
  }
  void labelled(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    wrapped("  " + painted(dim, padded(label, label_width - 2)), label_width, text);
  }

  void group(const Group& g) {
    const Finding& first = *g.findings.front();
    auto word = upper(to_text(first.severity));
    wrapped(painted(colour_of(first.severity), word) + "  " +
                (options_.colour ? std::string(bold) : ""),
            word.size() + 2, printable(first.title, 300));
    if (options_.colour) out_.insert(out_.size() - 1, reset);
    std::size_t full =
        options_.verbose ? g.findings.size() : std::min(full_places, g.findings.size());
    for (std::size_t i = 0; i < full; ++i) place(*g.findings[i], first.severity);
    if (full < g.findings.size()) more_places(g, full);
    if (g.rule != nullptr) {
      labelled("why", one_line(g.rule->why, 2000));
      labelled("fix", one_line(g.rule->fix, 2000));
      for (std::size_t i = 0; i < g.rule->techniques.size(); ++i) {
        const auto& id = g.rule->techniques[i];
        auto card = techniques_.find(id);
        labelled(i == 0 ? "ATLAS" : "",
                 card == techniques_.end() ? id : id + ' ' + card->second->name);
      }
    }
    std::string about =
        printable(first.rule) + ", confidence " + std::string(to_text(first.confidence));
    if (g.rule != nullptr)
      for (const auto& cwe : g.rule->cwe) about += ", " + printable(cwe);
    labelled("rule", about);
    line();
  }

  void place(const Finding& f, Severity shown) {
    std::string where = painted(cyan, place_text(f.artifact, f.place));
    if (f.severity != shown) where += "  " + painted(colour_of(f.severity), to_text(f.severity));
    line("  " + where);
    if (!f.message.empty() && f.message != f.title) wrapped("    ", 4, one_line(f.message, 600));
    if (!f.evidence.empty())
      line("    " + painted(dim, "| ") + printable(f.evidence, options_.verbose ? 1000 : 160));
    if (!f.origin.empty()) wrapped("    ", 4, one_line(join(f.origin, "; "), 400));
    if (!f.severity_why.empty())
      wrapped("    ", 4, "Severity: " + printable(f.severity_why, 300) + '.');
    std::size_t shown_now =
        options_.verbose ? f.related.size() : std::min(shown_related, f.related.size());
    for (std::size_t i = 0; i < shown_now; ++i) {
      const auto& r = f.related[i];
      std::string says = r.says.empty() ? "" : "  " + printable(r.says, 160);
      line("    also " + painted(cyan, place_text(r.artifact, r.place)) + says);
    }
    if (shown_now < f.related.size())
      line("    and " + with_commas(f.related.size() - shown_now) + " more");
  }

  void more_places(const Group& g, std::size_t from) {
    line("  and in " + counted(g.findings.size() - from, "more place") + ':');
    std::size_t until = std::min(g.findings.size(), from + listed_places);
    for (std::size_t i = from; i < until; ++i) {
      const auto& f = *g.findings[i];
      line("    " + painted(cyan, place_text(f.artifact, f.place, 120)));
    }
    if (until < g.findings.size())
      line("    and " + with_commas(g.findings.size() - until) + " more (--verbose shows all)");
  }

  void table(std::string_view head, const std::vector<NamedId>& names,
             const std::map<std::string_view, Counts>& rows) {
    std::size_t name_width = std::max<std::size_t>(30, columns(head) + 1);
    for (const auto& n : names) name_width = std::max(name_width, columns(n.name) + 2);
    std::string title = padded(head, name_width);
    for (auto s : most_severe_first) title += right(to_text(s), 10);
    line(painted(bold, title));
    auto row = [&](std::string_view id, const Counts& c) {
      std::string text = padded(name_of(names, id), name_width);
      for (auto s : most_severe_first) text += right(c[s] == 0 ? "-" : with_commas(c[s]), 10);
      line(text);
    };
    for (const auto& n : names) {
      auto at = rows.find(n.id);
      row(n.id, at == rows.end() ? Counts{} : at->second);
    }
    for (const auto& [id, c] : rows)
      if (std::none_of(names.begin(), names.end(), [&](const NamedId& n) { return n.id == id; }))
        row(id, c);
    line();
  }

  void counts_table() {
    std::map<std::string_view, Counts> by_category, by_phase;
    bool several = false;
    for (const auto& f : scan_.findings) {
      const auto* rule = scan_.rule(f.rule);
      if (rule == nullptr) continue;
      by_category[rule->category].add(f.severity);
      for (const auto& p : rule->phases) by_phase[p].add(f.severity);
      several = several || rule->phases.size() > 1;
    }
    table("Category", scan_.categories, by_category);
    table(several ? "Phase (a finding may be in several)" : "Phase", scan_.phases, by_phase);
  }

  void coverage() {
    auto t = count_techniques(scan_);
    if (t.total() == 0) return;
    wrapped(painted(bold, "ATLAS " + printable(scan_.atlas_version)) + "  ",
            7 + scan_.atlas_version.size(),
            "of " + counted(t.total(), "technique") + ": " + with_commas(t.exposed) + " exposed, " +
                with_commas(t.guarded) + " guarded by a control that was seen, " +
                with_commas(t.not_seen) + " looked for and not seen, " +
                with_commas(t.not_assessable) + " not assessable from what was given");
    line();
  }

  // What somebody accepted is listed on request; the closing line counts it always.
  void accepted() {
    if (scan_.suppressed.empty() || !options_.verbose) return;
    line(painted(bold, "Accepted, not counted (" + with_commas(scan_.suppressed.size()) + ")"));
    for (const auto& f : scan_.suppressed) {
      line("  " + padded(to_text(f.severity), 10) + painted(cyan, place_text(f.artifact, f.place)));
      std::string until = f.suppression.until.empty() ? "" : ", until " + f.suppression.until;
      wrapped(std::string(12, ' '), 12,
              printable(f.rule) + ": " + printable(f.suppression.reason, 300) + until);
    }
    line();
  }

  void unread() {
    std::vector<const ScannedArtifact*> list;
    for (auto status : {ScannedArtifact::Status::not_scanned, ScannedArtifact::Status::partly})
      for (const auto& a : scan_.artifacts)
        if (a.status == status) list.push_back(&a);
    if (list.empty()) return;
    line(painted(bold, "Not or only partly read (" + with_commas(list.size()) + ")"));
    std::size_t shown = options_.verbose ? list.size() : std::min(shown_artifacts, list.size());
    for (std::size_t i = 0; i < shown; ++i) {
      const auto& a = *list[i];
      std::string state = a.status == ScannedArtifact::Status::partly ? "partly" : "not read";
      std::string path = printable(a.path);
      std::string why = one_line(a.why, 400);
      bool fits = 14 + columns(path) + columns(why) <= width_;
      line("  " + padded(state, 10) + painted(cyan, path) + (fits ? "  " + why : ""));
      if (!fits) wrapped(std::string(12, ' '), 12, why);
    }
    if (shown < list.size())
      line("  and " + with_commas(list.size() - shown) + " more (--verbose shows all)");
    line();
  }

  void notes() {
    for (const auto& n : scan_.notes) wrapped("Note: ", 6, printable(n, 600));
    if (!scan_.notes.empty()) line();
  }

  void closing() {
    auto counts = count(scan_.findings);
    std::string text = verdict(scan_);
    if (!scan_.suppressed.empty())
      text += ' ' + with_commas(scan_.suppressed.size()) +
              " accepted and not counted (--verbose lists them).";
    Severity worst = scan_.findings.empty() ? Severity::info : scan_.findings.front().severity;
    wrapped("", 0, basis(scan_));
    line(painted(counts.total == 0 ? bold : colour_of(worst), text));
  }

  const Scan& scan_;
  const ReportOptions& options_;
  std::size_t width_;
  std::map<std::string_view, const TechniqueCard*> techniques_;
  std::string out_;
};

std::string write(const Scan& scan, const ReportOptions& options) {
  return Writer(scan, options).write();
}

}  // namespace

extern const Report text{"text", "for people, on a terminal", "txt", write};

}  // namespace parapet::reports
