// From facts to a portrait.
#include <algorithm>

#include "base/text.h"
#include "commands/inspect/portrait.h"
#include "formats/pickle/disassemble.h"

namespace parapet::inspect {
namespace {

constexpr std::size_t most_rows = 100'000;          // of a section
constexpr std::size_t most_instructions = 200'000;  // of a pickle

const Section* section_of(std::string_view kind) {
  for (const Section& s : sections())
    if (s.kind == kind) return &s;
  return nullptr;
}

// All values of an attribute, "a, b".
std::string values(const Fact& f, std::string_view name) {
  std::vector<std::string> all;
  for (const Attribute& a : f.attributes)
    if (a.name == name) all.push_back(a.known ? a.value : a.value + " (not settled)");
  return join(all, ", ");
}

std::uint64_t number(std::string_view s) {
  auto n = to_integer(s);
  return n && *n > 0 ? static_cast<std::uint64_t>(*n) : 0;
}

std::uint64_t elements(std::string_view shape) {
  std::uint64_t n = 1;
  for (std::string_view d : split(shape, ','))
    if (__builtin_mul_overflow(n, number(d), &n)) return 0;
  return n;
}

void add_tensor(Tensors& t, const Fact& f) {
  std::uint64_t size = number(f.get("bytes"));
  std::uint64_t count = elements(f.get("shape"));
  for (Tensors::Type* type : {&t.types[std::string(f.get("dtype"))]}) {
    ++type->tensors;
    type->elements += count;
    type->bytes += size;
  }
  ++t.count;
  t.elements += count;
  t.bytes += size;
}

unsigned width_of(std::string_view dtype) {
  std::string d = lower(dtype);
  if (contains(d, "64") || contains(d, "8>") || d.ends_with("f8") || d.ends_with("i8")) return 8;
  if (contains(d, "16") || d.ends_with("f2") || d.ends_with("i2")) return 2;
  if (contains(d, "32") || d.ends_with("f4") || d.ends_with("i4")) return 4;
  return 1;
}

void add_weights(Portrait& p, const std::string& what, unsigned width, Bytes bytes) {
  auto at = p.weights.try_emplace(what, Weights{what, 0, BytePlanes(width)}).first;
  ++at->second.tensors;
  at->second.planes.add(bytes);
}

// PyTorch's zip keeps each storage as a member ".../data/KEY"; its type stands in the pickle.
bool is_storage(const Artifact& a, const Sink& sink) {
  std::string_view name = a.name;
  auto slash = name.rfind('/');
  return sink.kinds().empty() && slash != std::string_view::npos &&
         name.substr(0, slash).ends_with("/data") &&
         std::all_of(name.begin() + static_cast<std::ptrdiff_t>(slash) + 1, name.end(), is_digit);
}

void add_all_weights(Portrait& p, const Artifact& a, const Sink& sink) {
  if (is_storage(a, sink)) return add_weights(p, "storage", 4, a.bytes);
  for (const Fact& f : sink.facts()) {
    if (f.kind != "tensor" || !f.has("data_offset")) continue;
    std::uint64_t from = number(f.get("data_offset"));
    std::uint64_t size = number(f.get("bytes"));
    if (from > a.bytes.size() || size > a.bytes.size() - from) continue;
    std::string dtype(f.get("dtype"));
    add_weights(p, dtype, width_of(dtype), a.bytes.subspan(from, size));
  }
}

// What the interpreter says of the opcode at an offset.
std::map<std::uint64_t, std::string> views(const Sink& sink) {
  std::map<std::uint64_t, std::string> out;
  for (const Fact& f : sink.facts()) {
    if (f.kind != "import" && f.kind != "call" && f.kind != "anomaly") continue;
    std::string& at = out[f.place.offset];
    if (!at.empty()) at += "; ";
    at += f.says.empty() ? f.kind + " " + std::string(f.get("name")) : f.says;
    if (f.has("verdict")) at += " [" + std::string(f.get("verdict")) + "]";
  }
  return out;
}

void add_disassembly(Portrait& p, const Artifact& a, const Sink& sink) {
  auto said = views(sink);
  for (const Fact& f : sink.facts()) {
    if (f.kind != "pickle") continue;
    Disassembly d{a.name, {}, {}, false};
    auto end = pickle::disassemble(a.bytes, f.place.offset, [&](const pickle::Instruction& i) {
      if (d.lines.size() >= most_instructions) {
        d.cut = true;
        return false;
      }
      std::string view;
      for (auto at = said.lower_bound(i.offset);
           at != said.end() && at->first < i.offset + i.length; ++at)
        view += (view.empty() ? "" : "; ") + at->second;
      d.lines.push_back({i.offset, std::string(i.name), i.argument, std::move(view)});
      return true;
    });
    if (!end.why.empty()) d.broke_off = "at offset " + std::to_string(end.offset) + ": " + end.why;
    p.pickles.push_back(std::move(d));
  }
}

}  // namespace

const std::vector<Section>& sections() {
  static const std::vector<Section> all{
      {"model", "Model", {"format", "framework", "version", "producer", "name", "loader"}},
      {"program", "Programs", {"type", "name", "named_as", "interpreter"}},
      {"metadata", "Metadata", {"key", "value"}},
      {"pickle",
       "Pickles",
       {"position", "protocol", "opcodes", "imports", "calls", "well_formed", "why"}},
      {"import", "Imports", {"name", "verdict", "why"}},
      {"call", "Calls", {"name", "args", "verdict", "why"}},
      {"layer", "Layers", {"class", "module", "registered_name", "name", "power"}},
      {"operator", "Operators", {"domain", "name", "where", "power", "argument"}},
      {"reference", "References", {"what", "target", "problem"}},
      {"template", "Templates", {"name", "calls", "reaches"}},
      {"model-reference", "Models named", {"name", "revision", "code"}},
      {"tensor", "Tensors", {"name", "dtype", "shape", "bytes"}},
      {"credential", "Credentials", {"type", "name", "value"}},
      {"code", "Signs of an intruder", {"what", "text"}},
      {"archive-entry", "Members with a problem", {"name", "problem", "target"}},
      {"anomaly", "Oddities", {"name"}},
  };
  return all;
}

void gather(Portrait& p, const Artifact& a, const Sink& sink, const Wanted& wanted) {
  std::map<std::string, std::size_t> alike;  // of this artifact: cells -> row
  for (const Fact& f : sink.facts()) {
    const Section* s = section_of(f.kind);
    if (s == nullptr) continue;
    if (f.kind == "tensor") add_tensor(p.tensors, f);
    Row row;
    for (std::string_view c : s->columns) row.cells.push_back(values(f, c));
    row.says = f.says;
    row.artifact = a.name;
    row.place = f.place;
    row.count = std::max<std::uint64_t>(1, number(f.get("count")));
    std::vector<Row>& rows = p.rows[s->kind];
    auto [at, is_new] = alike.try_emplace(f.kind + '\n' + join(row.cells, "\n"), rows.size());
    if (!is_new && f.kind != "anomaly")
      rows[at->second].count += row.count;
    else if (rows.size() < most_rows)
      rows.push_back(std::move(row));
  }
  if (wanted.disassembly) add_disassembly(p, a, sink);
  if (wanted.weights) add_all_weights(p, a, sink);
}

}  // namespace parapet::inspect
