// A portrait for programs: {"artifacts": [...], "facts": {kind: [...]}, "tensors": ..., ...}.
#include "base/json.h"

#include "commands/inspect/portrait.h"

namespace parapet::inspect {
namespace {

void artifacts(JsonWriter& w, const Scan& scan) {
  w.key("artifacts").begin_array();
  for (const ScannedArtifact& a : scan.artifacts) {
    w.begin_object().field("path", a.path).field("size", a.size).strings("formats", a.kinds);
    w.field("sha256", a.sha256).field("status", to_text(a.status)).field("why", a.why).end_object();
  }
  w.end_array();
}

void rows(JsonWriter& w, const Portrait& p) {
  w.key("facts").begin_object();
  for (const Section& s : sections()) {
    auto found = p.rows.find(s.kind);
    if (found == p.rows.end()) continue;
    w.key(s.kind).begin_array();
    for (const Row& r : found->second) {
      w.begin_object();
      for (std::size_t c = 0; c < s.columns.size(); ++c)
        if (!r.cells[c].empty()) w.field(s.columns[c], r.cells[c]);
      w.field("says", r.says).field("artifact", r.artifact).field("offset", r.place.offset);
      if (r.place.line != 0) w.field("line", r.place.line);
      w.field("times", r.count).end_object();
    }
    w.end_array();
  }
  w.end_object();
}

void tensors(JsonWriter& w, const Tensors& t) {
  w.key("tensors").begin_object();
  w.field("count", t.count).field("elements", t.elements).field("bytes", t.bytes);
  w.key("types").begin_object();
  for (const auto& [dtype, type] : t.types) {
    w.key(dtype).begin_object().field("tensors", type.tensors).field("elements", type.elements);
    w.field("bytes", type.bytes).end_object();
  }
  w.end_object().end_object();
}

void weights(JsonWriter& w, const Portrait& p) {
  w.key("weights").begin_array();
  for (const auto& [what, x] : p.weights) {
    w.begin_object().field("dtype", what).field("tensors", x.tensors);
    w.field("bytes", x.planes.bytes()).key("planes").begin_array();
    for (unsigned plane = 0; plane < x.planes.width(); ++plane) {
      w.begin_object().key("entropy").number(x.planes.entropy(plane)).key("ones").begin_array();
      for (unsigned bit = 0; bit < 8; ++bit) w.number(x.planes.ones(plane, bit));
      w.end_array().end_object();
    }
    w.end_array().end_object();
  }
  w.end_array();
}

void pickles(JsonWriter& w, const Portrait& p) {
  w.key("disassembly").begin_array();
  for (const Disassembly& d : p.pickles) {
    w.begin_object().field("artifact", d.artifact).field("broke_off", d.broke_off);
    w.field("cut", d.cut).key("instructions").begin_array();
    for (const Instruction& i : d.lines) {
      w.begin_object().field("offset", i.offset).field("opcode", i.name);
      if (!i.argument.empty()) w.field("argument", i.argument);
      if (!i.view.empty()) w.field("view", i.view);
      w.end_object();
    }
    w.end_array().end_object();
  }
  w.end_array();
}

void findings(JsonWriter& w, const Scan& scan) {
  w.key("findings").begin_array();
  for (const Finding& f : scan.findings) {
    w.begin_object().field("rule", f.rule).field("severity", to_text(f.severity));
    w.field("message", f.message).field("artifact", f.artifact);
    w.field("offset", f.place.offset).end_object();
  }
  w.end_array();
}

}  // namespace

std::string as_json(const Portrait& p) {
  JsonWriter w;
  w.begin_object();
  artifacts(w, p.scan);
  rows(w, p);
  tensors(w, p.tensors);
  if (!p.weights.empty()) weights(w, p);
  if (!p.pickles.empty()) pickles(w, p);
  findings(w, p.scan);
  w.strings("notes", p.scan.notes).end_object();
  return w.take();
}

}  // namespace parapet::inspect
