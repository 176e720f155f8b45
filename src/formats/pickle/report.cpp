#include "formats/pickle/report.h"

#include <algorithm>

#include "base/text.h"
#include "formats/pickle/constants.h"
#include "formats/pickle/search.h"

namespace parapet::pickle {
namespace {

constexpr std::size_t streams_shown = 64;

std::string count_of(std::uint64_t n, std::string_view thing) {
  return std::to_string(n) + " " + std::string(thing) + (n == 1 ? "" : "s");
}

// The verdict of an imported name by all that the stream does with it.
Judgement final_verdict(const Global& g) {
  Judgement j = g.judged;
  if (j.construct_only) return judge_use(j, g.reduced > 0 ? How::reduce : How::import);
  if (j.verdict != Verdict::safe && g.harmless_calls > 0 && g.pushes <= g.harmless_calls) {
    j.verdict = g.pushes <= g.safe_calls ? Verdict::safe : Verdict::unknown;
    j.why = "used only to reach what its constant arguments name";
  }
  return j;
}

void put_import(Sink& sink, const Global& g, const Context& context, std::int32_t of) {
  Judgement j = final_verdict(g);
  bool resolved = g.imports == 0;
  // A name that is only reached counts where it matters; modules are told by the call that hands
  // them out.
  if (resolved && (j.verdict == Verdict::safe || g.name.empty())) return;
  bool unknowable = g.module == "?" || g.name == "?";
  Fact f{"import", {}, {g.offset, 0}, {}};
  f.set("name", printable(unknowable && !g.name.starts_with("extension")       ? "?"
                          : g.name.starts_with("extension") && g.module == "?" ? g.name
                                                                               : g.dotted()));
  f.set("module", printable(g.module))
      .set("via", "pickle")
      .set("verdict", to_text(j.verdict))
      .set("why", j.why);
  f.set("file_type", context.file_type);
  f.set("how", g.module == "?" && g.name.starts_with("extension") ? "extension"
               : unknowable                                       ? "computed"
               : resolved                                         ? "resolved"
                                                                  : "name");
  if (g.imports > 1) f.set("count", std::to_string(g.imports));
  f.of = of;
  std::string shown =
      g.module == "?" && g.name.starts_with("extension") ? g.name : printable(g.dotted());
  f.says = (resolved ? "reaches " : "imports ") + shown + " (" + j.why + ")";
  sink.add(std::move(f));
}

void put_call(Sink& sink, const Call& c, const Context& context, std::int32_t of) {
  Fact f{"call", {}, {c.offset, 1}, {}};
  std::string args;
  for (const auto& a : c.args) args += (args.empty() ? "" : ", ") + a;
  for (const auto& [k, v] : c.keywords) args += (args.empty() ? "" : ", ") + k + "=" + v;
  if (c.elided) args += args.empty() ? "…" : ", …";
  f.set("name", c.name).set("via", "pickle").set("args", args);
  for (std::size_t i = 0; i < c.args.size(); ++i) f.set("arg." + std::to_string(i), c.args[i]);
  for (const auto& [k, v] : c.keywords) f.set("kw." + k, v);
  f.set("verdict", to_text(c.verdict))
      .set("why", c.why)
      .set("how", to_text(c.how))
      .set("file_type", context.file_type);
  if (c.carries_code) f.set("carries", "code");
  for (const auto& r : c.reaches) f.set("reaches", r);
  if (c.count > 1) f.set("count", std::to_string(c.count));
  f.of = of;
  switch (c.how) {
    case How::build:
      f.says = "changes " + c.name + ": " + args;
      break;
    case How::setitem:
      f.says = "sets an entry of " + c.name + ": " + args;
      break;
    case How::newobj:
    case How::newobj_ex:
    case How::reconstructor:
      f.says = "constructs " + c.name + "(" + args + ")";
      break;
    case How::import:
    case How::reduce:
    case How::obj:
    case How::inst:
      f.says = "calls " + c.name + "(" + args + ")";
      break;
  }
  sink.add(std::move(f));
}

void put_stream(const Artifact& artifact, Sink& sink, const Reading& r, std::string_view position,
                const Context& context) {
  Fact f{"pickle", {}, {r.start, r.end - r.start}, {}};
  std::uint64_t imports = 0;
  for (const auto& g : r.globals) imports += g.imports > 0;
  f.set("protocol", std::to_string(r.protocol)).set("well_formed", r.well_formed ? "yes" : "no");
  if (!r.why.empty()) f.set("why", r.why);
  f.set("calls", std::to_string(r.calls))
      .set("imports", std::to_string(imports))
      .set("position", position);
  f.set("file_type", context.file_type).set("opcodes", std::to_string(r.opcodes));
  if (std::uint64_t n = r.dangerous(); n > 0) f.set("dangerous", std::to_string(n));
  if (r.persistent > 0) f.set("persistent_ids", std::to_string(r.persistent));
  if (r.arrays > 0) f.set("arrays", std::to_string(r.arrays));
  if (r.left_over > 0) f.set("left_over", std::to_string(r.left_over));
  f.says = "a pickle of protocol " + std::to_string(r.protocol) + " with " +
           count_of(imports, "import") + " and " + count_of(r.calls, "call");
  if (!r.well_formed) f.says += "; " + r.why;
  std::int32_t of = sink.add(std::move(f));
  for (const auto& g : r.globals) put_import(sink, g, context, of);
  for (const auto& c : r.made) put_call(sink, c, context, of);
  for (const auto& o : r.oddities) sink.anomaly(o.name, o.says, {o.offset, o.length});
  for (const auto& why : r.limits) sink.partly(why);
  look_into_constants(artifact, sink, r);
  for (const auto& inner : r.inner) put_stream(artifact, sink, inner, "embedded", context);
}

bool all_filler(std::string_view s) {
  return std::all_of(s.begin(), s.end(), [](char c) { return c == '\0' || is_space(c); });
}

bool interesting(const Reading& r) {
  if (r.dangerous() > 0 || r.extensions > 0) return true;
  return std::any_of(r.globals.begin(), r.globals.end(),
                     [](const Global& g) { return g.judged.verdict != Verdict::safe; });
}

// Kinds that a stream's own names give away.
void name_kinds(Sink& sink, const Reading& r, const Context& context) {
  auto is = [&](std::string_view kind) {
    if (std::find(sink.kinds().begin(), sink.kinds().end(), kind) == sink.kinds().end())
      sink.is(kind);
  };
  is("pickle");
  if (r.arrays > 0) is("joblib");
  std::string library;
  for (const auto& g : r.globals) {
    auto root = std::string_view(g.module).substr(0, g.module.find('.'));
    if (root == "dill" || root == "cloudpickle") is(root);
    for (std::string_view ml : {"sklearn", "torch", "xgboost", "lightgbm", "catboost", "keras",
                                "tensorflow", "transformers", "statsmodels"})
      if (root == ml && library.empty()) library = ml;
  }
  bool known = std::any_of(sink.facts().begin(), sink.facts().end(),
                           [](const Fact& f) { return f.kind == "model"; });
  if (library.empty() || known) return;
  Fact model{"model", {}, {r.start, 0}, {}};
  std::string_view type = r.arrays > 0 ? "joblib" : context.file_type;
  model.set("format", type).set("name", library);
  model.set("loader", library == "torch" || type == "pytorch" ? "torch.load"
                      : type == "joblib"                      ? "joblib.load"
                                                              : "pickle.load");
  model.says = "objects of " + library + " in a pickle";
  sink.add(std::move(model));
}

}  // namespace

Reading read_stream(const Artifact& artifact, Sink& sink, std::uint64_t offset,
                    std::string_view position, const Context& context) {
  MachineOptions options;
  options.keep_texts = context.storages;
  options.lenient = position == "embedded";
  Reading r = Machine(artifact.bytes, sink.budget(), options).run(offset);
  auto shown = std::count_if(sink.facts().begin(), sink.facts().end(),
                             [](const Fact& f) { return f.kind == "pickle"; });
  Context mine = context;
  if (r.arrays > 0 && context.file_type == "pickle") mine.file_type = "joblib";
  if (static_cast<std::size_t>(shown) < streams_shown || interesting(r))
    put_stream(artifact, sink, r, position, mine);
  name_kinds(sink, r, mine);
  return r;
}

void read_hidden(const Artifact& artifact, Sink& sink, std::uint64_t from, const Context& context) {
  std::uint64_t effort = search_effort;
  std::uint64_t size = artifact.bytes.size();
  for (int found = 0; from < size && found < 256 && sink.next();) {
    auto at = find_stream(artifact.bytes, from, size, sink.budget(), effort);
    if (!at) break;
    ++found;
    Reading r = read_stream(artifact, sink, *at, "embedded", context);
    if (interesting(r))
      sink.anomaly(
          "hidden-pickle",
          "a pickle that imports " +
              (r.globals.empty() ? std::string("names") : printable(r.globals[0].dotted())) +
              " lies " + std::to_string(*at) + " bytes into the file, behind other data",
          {*at, r.end - *at});
    from = std::max(r.end, *at + 2);
  }
  if (effort == 0) sink.partly("the search for hidden pickles was given up");
}

void read_all(const Artifact& artifact, Sink& sink, std::uint64_t offset, const Context& context) {
  std::uint64_t size = artifact.bytes.size();
  bool first = true, broken = false;
  Cursor c(artifact.bytes);
  while (offset < size && sink.next()) {
    c.seek(offset);
    Bytes rest = c.peek(c.left());
    if (!first && !starts_like_pickle(rest, sink.budget())) break;
    Reading r = read_stream(artifact, sink, offset, first ? "first" : "later", context);
    first = false;
    offset = r.end;
    if (r.stopped) continue;
    sink.anomaly(r.truncated ? "truncated" : "malformed", r.why, {r.end, 0});
    sink.partly("the pickle breaks at offset " + std::to_string(r.end) + ": " + r.why);
    broken = true;
    break;
  }
  if (offset >= size) return;
  c.seek(offset);
  Bytes rest = c.peek(c.left());
  auto text = as_text(rest);
  if (text.starts_with("PK\x03\x04")) {
    sink.anomaly("hidden-zip", "a zip archive starts right behind the pickle",
                 {offset, rest.size()});
    if (contains(text.substr(text.size() - std::min<std::size_t>(text.size(), 66'000)),
                 std::string_view("PK\x05\x06", 4)))
      return;
  } else if (!broken && !all_filler(text.substr(0, 4096))) {
    sink.anomaly("trailing-data", count_of(rest.size(), "byte") + " behind the pickle",
                 {offset, rest.size()});
  }
  look_for_executables(sink, rest, offset);
  read_hidden(artifact, sink, offset, context);
}

}  // namespace parapet::pickle
