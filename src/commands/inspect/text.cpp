// A portrait for people.
#include "base/text.h"

#include <algorithm>
#include <cstdio>

#include "commands/inspect/portrait.h"
#include "reports/shared/summary.h"

namespace parapet::inspect {
namespace {

using reports::counted;
using reports::size_text;
using reports::with_commas;

constexpr std::size_t most_rows = 12;          // of a section, unless all are asked for
constexpr std::size_t most_members = 12;       // of the artifact's content
constexpr std::size_t most_instructions = 60;  // of a pickle
constexpr std::size_t widest_cell = 60;

std::string padded(std::string s, std::size_t width) {
  std::size_t columns = 0;
  for (std::string_view rest = s; !rest.empty(); ++columns) take_code_point(rest);
  if (columns < width) s.append(width - columns, ' ');
  return s;
}

std::string fixed(double v, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, v);
  return text;
}

class Writer {
 public:
  Writer(const Portrait& p, bool whole) : p_(p), whole_(whole) {}

  std::string write() {
    content();
    for (const Section& s : sections()) section(s);
    weights();
    for (const Disassembly& d : p_.pickles) disassembly(d);
    findings();
    not_understood();
    return std::move(out_);
  }

 private:
  void line(std::string_view text = {}) { out_ += text, out_ += '\n'; }
  void heading(std::string_view title, std::string_view more = {}) {
    line();
    line(std::string(title) + (more.empty() ? "" : "  (" + std::string(more) + ")"));
  }
  std::size_t shown(std::size_t all, std::size_t most) const {
    return whole_ ? all : std::min(all, most);
  }
  void rest(std::size_t all, std::size_t shown) {
    if (shown < all) line("  and " + with_commas(all - shown) + " more (--all shows them)");
  }

  void content() {
    const auto& all = p_.scan.artifacts;
    for (std::size_t i = 0, n = shown(all.size(), most_members); i < n; ++i) {
      const ScannedArtifact& a = all[i];
      std::string kinds = a.kinds.empty() ? "no known format" : join(a.kinds, ", ");
      line((i == 0 ? "" : "  ") + printable(a.path, 200) + "  " + size_text(a.size) + "  " + kinds);
      if (i == 0 && !a.sha256.empty()) line("  sha256 " + a.sha256);
    }
    rest(all.size(), shown(all.size(), most_members));
  }

  // "models/a.pt!/archive/data.pkl" is "archive/data.pkl" in the portrait of models/a.pt.
  std::string where(const Row& r) const {
    const std::string& root = p_.scan.artifacts.empty() ? r.artifact : p_.scan.artifacts[0].path;
    std::string_view inside = r.artifact;
    if (inside.starts_with(root)) inside.remove_prefix(root.size());
    if (inside.starts_with("!/")) inside.remove_prefix(2);
    std::string at = r.place.line != 0 ? "line " + std::to_string(r.place.line)
                                       : "@" + std::to_string(r.place.offset);
    return inside.empty() ? at : printable(inside, 80) + " " + at;
  }

  void tensor_types() {
    for (const auto& [dtype, t] : p_.tensors.types)
      line("  " + padded(dtype.empty() ? "?" : printable(dtype, 20), 10) +
           counted(t.tensors, "tensor") + ", " + with_commas(t.elements) + " numbers, " +
           size_text(t.bytes));
  }

  // Columns that no row fills are left out, the others are as wide as their widest cell.
  void section(const Section& s) {
    auto found = p_.rows.find(s.kind);
    if (found == p_.rows.end()) return;
    const std::vector<Row>& rows = found->second;
    std::size_t n = shown(rows.size(), most_rows);
    heading(s.title, rows.size() == 1 ? "" : with_commas(rows.size()));
    if (s.kind == "tensor") tensor_types();
    std::vector<std::size_t> width(s.columns.size(), 0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t c = 0; c < width.size(); ++c)
        width[c] = std::max(width[c], std::min(widest_cell, rows[i].cells[c].size()));
    names(s, width);
    for (std::size_t i = 0; i < n; ++i) {
      const Row& r = rows[i];
      std::string text = " ";
      for (std::size_t c = 0; c < width.size(); ++c)
        if (width[c] != 0) text += " " + padded(printable(r.cells[c], widest_cell), width[c]) + " ";
      if (s.kind == "anomaly" || s.kind == "archive-entry") text += printable(r.says, 160) + "  ";
      if (r.count > 1) text += "x" + with_commas(r.count) + "  ";
      line(text + where(r));
    }
    rest(rows.size(), n);
  }

  // The filled columns by name; columns become at least as wide as their name.
  void names(const Section& s, std::vector<std::size_t>& width) {
    std::string text = " ";
    for (std::size_t c = 0; c < width.size(); ++c) {
      if (width[c] == 0) continue;
      width[c] = std::max(width[c], s.columns[c].size());
      text += " " + padded(replace_all(s.columns[c], "_", " "), width[c]) + " ";
    }
    line(std::string(text) + "at");
  }

  void weights() {
    if (p_.weights.empty()) return;
    heading("Weights by byte position",
            "entropy in bits per byte; share of ones in the lowest four bits");
    for (const auto& [what, w] : p_.weights) {
      line("  " + printable(what, 20) + ": " + counted(w.tensors, "tensor") + ", " +
           size_text(w.planes.bytes()));
      for (unsigned plane = 0; plane < w.planes.width(); ++plane) {
        std::string text =
            "    byte " + std::to_string(plane) + "  " + fixed(w.planes.entropy(plane), 3) + "   ";
        for (unsigned bit = 0; bit < 4; ++bit) text += " " + fixed(w.planes.ones(plane, bit), 4);
        line(text);
      }
    }
    line("  What these numbers can and cannot show: docs/inspect.md");
  }

  void disassembly(const Disassembly& d) {
    heading("Disassembly of " + printable(d.artifact, 160));
    std::size_t n = shown(d.lines.size(), most_instructions);
    for (std::size_t i = 0; i < n; ++i) {
      const Instruction& x = d.lines[i];
      std::string text =
          padded(std::to_string(x.offset), 9) + " " + padded(x.name, 17) + x.argument;
      if (!x.view.empty()) text = padded(std::move(text), 48) + "  <- " + printable(x.view, 200);
      line("  " + text);
    }
    rest(d.lines.size(), n);
    if (d.cut) line("  longer than is kept: cut here");
    if (!d.broke_off.empty()) line("  breaks off " + d.broke_off);
  }

  void findings() {
    heading("Findings", with_commas(p_.scan.findings.size()));
    for (const Finding& f : p_.scan.findings)
      line("  " + padded(std::string(to_text(f.severity)), 9) + printable(f.message, 200) + "  [" +
           f.rule + "]");
    if (p_.scan.findings.empty()) line("  none; that is not a promise that the file is harmless");
  }

  void not_understood() {
    std::vector<std::string> list;
    for (const ScannedArtifact& a : p_.scan.artifacts)
      if (a.status != ScannedArtifact::Status::scanned)
        list.push_back(printable(a.path, 200) + ": " + std::string(to_text(a.status)) + ": " +
                       printable(a.why, 300));
    for (const std::string& note : p_.scan.notes) list.push_back(printable(note, 600));
    if (list.empty()) return;
    heading("Not read, or not understood");
    for (const std::string& l : list) line("  " + l);
  }

  const Portrait& p_;
  bool whole_;
  std::string out_;
};

}  // namespace

std::string as_text(const Portrait& p, bool whole) { return Writer(p, whole).write(); }

}  // namespace parapet::inspect
