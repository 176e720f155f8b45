// Jupyter notebooks, nbformat 3 and 4: JSON with cells of code and text, and what they printed. The
// code of all cells is read as one program, since cells share their names; facts stand at their
// places in the notebook. Cells and outputs become children, for whatever looks into text.
// https://nbformat.readthedocs.io
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/python/facts.h"
#include "model/commands.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 256U << 20U;
constexpr std::uint64_t max_nodes = 2'000'000;
constexpr std::size_t max_output = 1U << 20U;  // bytes of one output given on

bool recognises(const Artifact& a) {
  if (extension(a.name) == "ipynb") return true;
  std::string_view s = as_text(a.bytes).substr(0, 4096);
  return trim(s).starts_with('{') && contains(s, "\"cells\"") && contains(s, "\"cell_type\"");
}

// Text put together from the notebook's strings, which knows where each byte came from.
struct Joined {
  std::string text;
  struct Piece {
    std::size_t start;  // in `text`
    const Node* node;
    std::size_t skipped;  // decoded bytes of the node before this piece
  };
  std::vector<Piece> pieces;

  void add(const Node& n) {
    pieces.push_back({text.size(), &n, 0});
    text += n.text;
  }
};

// Where the byte `decoded` of a JSON string stands in the notebook; `raw` starts at its quote.
std::size_t raw_offset(std::string_view raw, std::size_t decoded) {
  std::size_t i = 1;
  std::size_t at = 0;
  while (i < raw.size() && at < decoded) {
    if (raw[i] != '\\') {
      ++i;
      ++at;
    } else if (i + 1 < raw.size() && raw[i + 1] == 'u') {
      // \uXXXX is 1 to 3 bytes; of a surrogate pair the second half counts the fourth.
      unsigned v = 0;
      for (std::size_t k = i + 2; k < i + 6 && k < raw.size(); ++k) {
        char d = lower(raw[k]);
        v = v * 16 + static_cast<unsigned>(is_digit(d) ? d - '0' : d >= 'a' ? d - 'a' + 10 : 0);
      }
      bool pair = v >= 0xD800 && v < 0xDC00;
      at += v < 0x80 ? 1 : v < 0x800 ? 2 : pair ? 4 : 3;
      i += pair ? 12 : 6;
    } else {
      i += 2;
      ++at;
    }
  }
  return std::min(i, raw.size());
}

class Notebook {
 public:
  Notebook(const Artifact& a, Sink& sink) : a_(a), sink_(sink), all_(as_text(a.bytes)) {}

  void run() {
    if (all_.size() > longest) return sink_.partly("a notebook longer than 256 MiB");
    std::uint64_t nodes = 0;
    Parsed parsed = parse_json(all_, [&] { return ++nodes < max_nodes && sink_.next(); });
    if (!parsed.ok()) {
      sink_.anomaly("malformed", parsed.problem, parsed.problem_at);
      sink_.partly(parsed.problem);
    }
    if (parsed.documents.empty()) return;
    const Node& root = parsed.documents[0].root;
    language_ = language(root);
    std::vector<const Node*> cells = cells_of(root);
    if (cells.empty() && root.at("nbformat") == nullptr) return;
    sink_.is("ipynb");
    std::int64_t last = 0;
    bool out_of_order = false;
    for (std::size_t i = 0; i < cells.size() && sink_.next(); ++i) {
      cell(*cells[i], i + 1);
      const Node* count = cells[i]->at("execution_count");
      if (count == nullptr) count = cells[i]->at("prompt_number");
      auto n = count != nullptr && count->is_scalar() ? to_integer(count->text) : std::nullopt;
      if (n && *n < last) out_of_order = true;
      if (n) last = *n;
    }
    if (language_ == "python" && !code_.text.empty())
      python::add_python_facts(
          {code_.text, "python",
           [&](std::size_t offset, std::size_t length) { return place(code_, offset, length); }},
          sink_);
    // What was typed into widgets is saved with them, as a login's password.
    if (const Node* metadata = root.at("metadata"); metadata != nullptr)
      if (const Node* widgets = metadata->at("widgets"); widgets != nullptr)
        child("widget-state.json",
              std::string(all_.substr(std::min<std::size_t>(widgets->offset, all_.size()),
                                      std::min(widgets->length, max_output))));
    Fact f{"metadata",
           {},
           {0, 0, 1, 1, {}},
           "notebook of " + std::to_string(cells.size()) + " cells in " + printable(language_, 30) +
               (out_of_order ? ", run out of order" : "")};
    f.set("key", "cells").set("value", std::to_string(cells.size())).set("format", "ipynb");
    if (out_of_order) f.set("out_of_order", "yes");
    sink_.add(std::move(f));
  }

 private:
  static std::string language(const Node& root) {
    std::string_view l = root.text_at("metadata.kernelspec.language");
    if (l.empty()) l = root.text_at("metadata.language_info.name");
    return l.empty() ? "python" : lower(l).substr(0, 40);
  }

  static std::vector<const Node*> cells_of(const Node& root) {
    std::vector<const Node*> out;
    auto take = [&](const Node* list) {
      if (list == nullptr) return;
      for (const Node& n : list->items)
        if (n.is_map()) out.push_back(&n);
    };
    take(root.at("cells"));
    if (const Node* sheets = root.at("worksheets"); sheets != nullptr)
      for (const Node& s : sheets->items) take(s.at("cells"));
    return out;
  }

  static Joined joined(const Node* n) {
    Joined out;
    if (n == nullptr) return out;
    if (n->is_scalar()) out.add(*n);
    for (const Node& item : n->items)
      if (item.is_scalar()) out.add(item);
    return out;
  }

  Place place(const Joined& j, std::size_t offset, std::size_t length) const {
    auto it = std::upper_bound(j.pieces.begin(), j.pieces.end(), offset,
                               [](std::size_t o, const Joined::Piece& p) { return o < p.start; });
    if (it == j.pieces.begin()) return {};
    const auto& p = *std::prev(it);
    const Node& n = *p.node;
    std::size_t node_offset = std::min<std::size_t>(n.offset, all_.size());
    std::string_view raw = all_.substr(node_offset, n.length);
    std::size_t from = raw_offset(raw, offset - p.start + p.skipped);
    // A length that goes on in the next string ends with this one's.
    std::size_t in_piece = std::min(
        length, p.node->text.size() - std::min(p.node->text.size(), offset - p.start + p.skipped));
    std::size_t to = raw_offset(raw, offset - p.start + p.skipped + in_piece);
    return {node_offset + from,
            to - std::min(from, to),
            n.line,
            static_cast<std::uint32_t>(n.column + from),
            {}};
  }

  void child(const std::string& name, std::string text) {
    if (trim(text).empty()) return;
    auto owned = std::make_shared<const std::string>(std::move(text));
    sink_.child(a_, name, as_bytes(*owned), owned);
  }

  void cell(const Node& n, std::size_t number) {
    std::string name = "cell-" + std::to_string(number);
    Joined source = joined(n.at(n.at("source") != nullptr ? "source" : "input"));
    if (n.text_at("cell_type") == "code") {
      code(source, name);
      if (const Node* outputs = n.at("outputs"); outputs != nullptr)
        for (std::size_t i = 0; i < outputs->items.size() && sink_.next(); ++i)
          output(outputs->items[i], name + "-output-" + std::to_string(i + 1) + ".txt");
    } else {
      child(name + ".md", source.text);
    }
    if (const Node* attachments = n.at("attachments"); attachments != nullptr)
      for (std::size_t i = 0; i < attachments->items.size() && sink_.next(); ++i)
        for (std::size_t k = 0; k < attachments->items[i].items.size() && k < 8; ++k)
          if (attachments->items[i].items[k].is_scalar())
            child(name + "-attachment-" + std::to_string(i + 1) + ".txt",
                  attachments->items[i].items[k].text.substr(0, max_output));
  }

  static bool shell_cell(std::string_view first) {
    for (std::string_view m : {"%%bash", "%%sh", "%%script bash", "%%script sh", "%%!"})
      if (first.starts_with(m)) return true;
    return false;
  }

  // IPython's lines are taken out of the Python, line by line, so that places stay.
  void code(const Joined& source, const std::string& name) {
    std::string python;
    std::string shell;
    std::vector<std::pair<std::size_t, std::size_t>>
        lines;  // where they start in `shell`, in `source`
    std::string_view text = source.text;
    bool whole = shell_cell(text);
    bool foreign = text.starts_with("%%") && !whole && !text.starts_with("%%time") &&
                   !text.starts_with("%%capture");
    bool goes_on = false;
    for (std::size_t at = 0; at < text.size() && sink_.next();) {
      std::size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = text.substr(at, end - at);
      std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
      std::string_view body = line.substr(indent);
      std::string command;
      bool magic = false;
      if (goes_on) {
        command = body;
      } else if (whole) {
        if (at > 0) command = body;
        magic = true;
      } else if (body.starts_with("!")) {
        command = body.substr(body.starts_with("!!") ? 2 : 1);
      } else if (body.starts_with("%pip ") || body.starts_with("%conda ")) {
        command = body.substr(1);
      } else if (body.starts_with("%sx ") || body.starts_with("%system ")) {
        command = body.substr(body.find(' ') + 1);
      } else if (auto bang = body.find("= !");
                 bang != std::string_view::npos && body.find_first_of("\"'#(") > bang) {
        command = body.substr(bang + 3);
      } else if (body.starts_with("%")) {
        magic = true;
      }
      if (!command.empty()) {
        lines.emplace_back(shell.size(),
                           at + (line.size() - std::min(command.size(), line.size())));
        shell += command;
      }
      goes_on = !command.empty() && command.ends_with('\\') && !whole;
      if (!command.empty()) shell += '\n';
      bool out_of_python = !command.empty() || magic || foreign;
      // "pass" keeps an indented block whole.
      python += out_of_python ? std::string(indent, ' ') +
                                    (indent > 0 && line.size() >= indent + 4 ? "pass" : "")
                              : std::string(line);
      if (out_of_python)
        python.resize(
            python.size() + line.size() -
                std::min(line.size(), indent + (indent > 0 && line.size() >= indent + 4 ? 4 : 0)),
            ' ');
      if (end < text.size()) python += '\n';
      at = end + 1;
    }
    add_code(source, python);
    if (!shell.empty()) processes(source, shell, lines);
    child(name + ".py", source.text);
  }

  void add_code(const Joined& source, const std::string& python) {
    std::size_t base = code_.text.size();
    for (Joined::Piece p : source.pieces) {
      p.start += base;
      code_.pieces.push_back(p);
    }
    code_.text += python;
    code_.text += '\n';
  }

  // The shell lines of a cell, of which each may go on in the next.
  void processes(const Joined& source, const std::string& shell,
                 const std::vector<std::pair<std::size_t, std::size_t>>& lines) {
    auto where = [&](std::size_t offset, std::size_t length) {
      auto it = std::upper_bound(lines.begin(), lines.end(), offset,
                                 [](std::size_t o, const auto& l) { return o < l.first; });
      if (it == lines.begin()) return Place{};
      const auto& [start, at] = *std::prev(it);
      return place(source, at + (offset - start), length);
    };
    add_processes(sink_, {shell, "notebook", where});
  }

  static std::string without_colours(std::string_view s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (s[i] == '\x1b' && i + 1 < s.size() && s[i + 1] == '[') {
        i += 2;
        while (i < s.size() && !(s[i] >= '@' && s[i] <= '~')) ++i;
      } else {
        out += s[i];
      }
    }
    return out;
  }

  void output(const Node& o, const std::string& name) {
    std::string text = joined(o.at("text")).text;
    for (const char* key : {"traceback", "ename", "evalue"})
      if (const Node* n = o.at(key); n != nullptr)
        for (const Joined& j = joined(n); const auto& p : j.pieces) text += p.node->text + "\n";
    if (const Node* data = o.at("data"); data != nullptr && data->is_map())
      for (std::size_t i = 0; i < data->items.size(); ++i) {
        std::string_view type = data->keys[i].text;
        if (!type.starts_with("text/") && type != "application/json" &&
            type != "application/javascript")
          continue;
        text += joined(&data->items[i]).text + "\n";
      }
    for (const char* key : {"html", "javascript"}) text += joined(o.at(key)).text;  // nbformat 3
    if (text.size() > max_output) {
      sink_.partly("an output longer than 1 MiB");
      text.resize(max_output);
    }
    child(name, without_colours(text));
  }

  const Artifact& a_;
  Sink& sink_;
  std::string_view all_;
  std::string language_;
  Joined code_;  // of all cells
};

void parse(const Artifact& a, Sink& sink) { Notebook(a, sink).run(); }

}  // namespace

extern const Format ipynb;
const Format ipynb{"ipynb",
                   1,
                   "Jupyter notebooks: code, shell lines, outputs",
                   "https://nbformat.readthedocs.io",
                   recognises,
                   parse};

}  // namespace parapet::formats
