#include "engine/root_scan.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "base/hash.h"
#include "base/line_hash.h"
#include "base/text.h"
#include "dialects/dialect.h"
#include "engine/image_layers.h"
#include "engine/role.h"
#include "formats/format.h"
#include "io/digest.h"
#include "io/mapped_file.h"
#include "match/advisories.h"
#include "match/indicators.h"
#include "match/personal_data.h"

namespace parapet {
namespace {

constexpr std::uint64_t hash_up_to = 16ULL << 20U;  // bytes
constexpr std::uint64_t line_hash_up_to =
    16ULL << 20U;  // bytes of a text; beyond, SARIF falls back on the id
// Of larger binary artifacts of a known format, tensors for the most part, the head and the tail
// are searched, where names and metadata stand, and the metadata that the format told. A file of no
// known format has nobody else who looks into it, and a pickle may hold text anywhere.
constexpr std::uint64_t search_binary_up_to = 1ULL << 20U;    // bytes
constexpr std::uint64_t search_unknown_up_to = 64ULL << 20U;  // bytes
constexpr std::size_t kept_per_root = 50'000;
constexpr std::size_t findings_per_rule_and_artifact = 200;

using Spans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  // offset, length

// The lines of a text artifact, found when the first fact needs them.
class Lines {
 public:
  explicit Lines(const Artifact& a) : text_(as_text(a.bytes)), is_text_(a.is_text()) {}
  bool is_text() const { return is_text_; }

  void complete(Place& place) {
    if (!is_text_ || place.line != 0 || place.offset > text_.size()) return;
    LineColumn at = index().at(place.offset);
    place.line = at.line;
    place.column = at.column;
  }
  // What SARIF needs of the text, for the findings of this artifact.
  void complete(std::span<Finding> findings) {
    if (!is_text_ || findings.empty()) return;
    std::vector<std::uint32_t> numbers;
    for (Finding& f : findings) {
      if (f.place.line == 0) continue;
      // A place may come with a line and no offset.
      bool agrees =
          f.place.offset <= text_.size() && index().at(f.place.offset).line == f.place.line;
      std::uint64_t offset = agrees ? f.place.offset : index().start_of(f.place.line);
      f.region = index().region(text_, offset, agrees ? f.place.length : 0);
      numbers.push_back(f.region.line);
    }
    if (text_.size() > line_hash_up_to) return;
    auto hashes = line_hashes(text_, numbers);
    for (Finding& f : findings)
      if (auto at = hashes.find(f.region.line); at != hashes.end()) f.line_hash = at->second;
  }
  std::string_view line(std::uint32_t number) {
    auto rest = text_.substr(std::min<std::size_t>(index().start_of(number), text_.size()));
    return rest.substr(0, rest.find('\n'));
  }

 private:
  LineIndex& index() {
    if (!index_) index_.emplace(text_);
    return *index_;
  }
  std::string_view text_;
  bool is_text_;
  std::optional<LineIndex> index_;
};

// The lines that a value passes on its way (kind flow: "12 body = request.json()") belong to the
// finding.
void relate_steps(const Fact& fact, Finding& finding) {
  if (fact.kind != "flow") return;
  for (const Attribute& a : fact.attributes) {
    if (a.name != "step") continue;
    Halves step = split_once(a.value, " ");
    auto line = to_integer(step.before);
    if (!line || *line <= 0 || *line > UINT32_MAX || *line == finding.place.line) continue;
    Place at;
    at.line = static_cast<std::uint32_t>(*line);
    at.column = 1;
    finding.related.push_back({finding.artifact, std::move(at), std::string(step.after)});
  }
}

class RootScan {
 public:
  RootScan(const Root& root, const ScanRequest& request, const Armoury& armoury, std::uint64_t size)
      : root_(root),
        request_(request),
        armoury_(armoury),
        budget_(request.limits, size),
        unpack_at_start_(budget_.unpack_left()) {}

  // The walk of one artifact; its children come back here through the sink before parse returns.
  void artifact(const Artifact& a) {
    std::size_t row = out_.artifacts.size();
    out_.artifacts.push_back(
        {a.name, {}, a.bytes.size(), {}, ScannedArtifact::Status::scanned, {}});
    Sink sink(budget_, [this](Artifact&& child) { artifact(child); });
    Spans secrets;
    bool whole = worth_reading(a);
    try {
      for (const Format* f : all_formats())
        if (whole && f->recognises(a)) f->parse(a, sink);
      for (const Dialect* d : all_dialects())
        if (d->read != nullptr && !sink.documents().empty()) d->read(a, sink.documents(), sink);
      for (const Dialect* d : all_dialects())
        if (d->understand != nullptr) d->understand(a, sink);
      add_vulnerability_facts(armoury_.advisories, sink);
      search(a, sink, secrets, whole);
    } catch (const std::exception& e) {  // a library, or memory: this artifact only
      sink.partly(std::string("scanner fault: ") + e.what());
    }
    if (request_.observe) request_.observe(a, sink);
    Reach reach{out_.findings.size(), out_.awaiting.size()};
    judge(a, sink);
    hide_secrets(as_text(a.bytes), secrets, reach);
    finish(out_.artifacts[row], a, sink);
  }

  RootResult take() {
    out_.unpacked_bytes = unpack_at_start_ - budget_.unpack_left();
    return std::move(out_);
  }

 private:
  // Where the results of an artifact begin.
  struct Reach {
    std::size_t findings, awaiting;
  };

  // Configuration and code of the past hold no longer, and are not parsed; what was a model or a
  // notebook can be loaded or read today as well. A pointer says that its file is elsewhere.
  bool worth_reading(const Artifact& a) const {
    return !root_.past || !a.is_text() || extension(a.name) == "ipynb" ||
           as_text(a.bytes).starts_with("version https://git-lfs");
  }

  // Credentials, signs of an intruder and personal data, which any bytes may hold.
  void search(const Artifact& a, Sink& sink, Spans& secrets, bool whole) {
    bool is_text = a.is_text();
    bool unknown = !is_text && a.depth == 0 && sink.kinds().empty() && !a.bytes.empty();
    if (unknown) out_.unknown_binary = true;
    const auto& kinds = sink.kinds();
    bool strewn = unknown || std::find(kinds.begin(), kinds.end(), "pickle") != kinds.end();
    std::uint64_t most = is_text  ? a.bytes.size()
                         : strewn ? search_unknown_up_to
                                  : search_binary_up_to;
    Artifact part = a;
    if (a.bytes.size() > most) {
      part.bytes = a.bytes.first(most);
      part.text = false;
      if (strewn)
        sink.partly("only its first " + std::to_string(search_unknown_up_to >> 20U) +
                    " MiB were searched for credentials");
    }
    if (a.depth != 0 && !is_text && kinds.empty() && a.bytes.size() > most) return;  // a tensor
    add_credential_facts(armoury_.credentials, part, sink, secrets);
    if (a.bytes.size() > most && !strewn) {
      add_tail_credentials(a, most, sink, secrets);
      add_metadata_credentials(armoury_.credentials, sink);
    }
    if (!whole || children_hold_the_text(sink)) return;
    add_indicator_facts(part, sink);
    if (is_text) add_personal_data_facts(part, sink);
  }

  // The last `most` bytes that the head did not have, at their places in the artifact.
  void add_tail_credentials(const Artifact& a, std::uint64_t most, Sink& sink, Spans& secrets) {
    std::uint64_t from = std::max<std::uint64_t>(most, a.bytes.size() - most);
    Artifact tail = a;
    tail.bytes = a.bytes.subspan(from);
    Spans found;
    std::size_t first = sink.facts().size();
    add_credential_facts(armoury_.credentials, tail, sink, found);
    for (std::size_t i = first; i < sink.facts().size(); ++i) sink.facts()[i].place.offset += from;
    for (auto [offset, length] : found) secrets.emplace_back(offset + from, length);
  }

  void judge(const Artifact& a, Sink& sink) {
    std::string_view inside = std::string_view(a.name).substr(std::min(root_.inner, a.name.size()));
    std::string_view role = role_of(inside);
    Lines lines(a);
    const Facts& facts = sink.facts();
    std::map<std::uint64_t, unsigned> twins;  // fingerprints seen in this artifact
    std::size_t first = out_.findings.size();
    std::vector<std::uint32_t> candidates;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      ++out_.fact_counts[facts[i].kind];
      if (facts[i].kind == "control") {
        Place place = facts[i].place;
        lines.complete(place);
        out_.controls.push_back({std::string(facts[i].get("name")), a.name, std::move(place)});
      }
      if (tells_of_layers(facts[i]) || is_read_by_joins(facts[i]) ||
          (facts[i].kind == "reference" && facts[i].get("what") == "include"))
        keep(a, facts[i], lines, sink);
      auto pending = joined_attributes(facts[i].kind);
      FactView view{facts, i, inside, role, sink.kinds(), pending};
      armoury_.rules.candidates(facts[i], pending, candidates);
      for (std::uint32_t r : candidates) {
        const Rule& rule = armoury_.rules.rules()[r];
        bool later = !pending.empty() && asks_for(rule, pending);
        Finding finding;
        if (later ? !may_fire(rule, view) : !evaluate(rule, view, finding)) continue;
        finding.rule = rule.card.id;
        finding.place = facts[i].place;
        if (!complete(a, rule, view, finding, lines, twins, sink)) continue;
        if (later)
          await(a, r, view, std::move(finding), lines);
        else
          add(a, view, std::move(finding), lines);
      }
    }
    lines.complete(std::span(out_.findings).subspan(first));
  }

  void keep(const Artifact& a, const Fact& fact, Lines& lines, Sink& sink) {
    if (out_.kept.size() < kept_per_root) {
      out_.kept.push_back({a.name, fact});
      lines.complete(out_.kept.back().fact.place);
    } else if (!std::exchange(kept_limit_said_, true)) {
      sink.partly("more facts than are joined with those of other files");
    }
  }

  // What is quoted around a credential must not show it: the results of this artifact are searched
  // for every secret that was found in it.
  void hide_secrets(std::string_view text, const Spans& secrets, Reach from) {
    std::set<std::string> distinct;
    for (auto [offset, length] : secrets)
      if (length >= 6) distinct.emplace(text.substr(offset, length));
    if (distinct.empty()) return;
    auto all = std::make_shared<const std::vector<std::string>>(distinct.begin(), distinct.end());
    for (std::size_t i = from.findings; i < out_.findings.size(); ++i) hide(*all, out_.findings[i]);
    for (std::size_t i = from.awaiting; i < out_.awaiting.size(); ++i)
      out_.awaiting[i].secrets = all;
  }

  // Fills in what only the artifact knows; false: there are too many of these already.
  bool complete(const Artifact& a, const Rule& rule, const FactView& view, Finding& finding,
                Lines& lines, std::map<std::uint64_t, unsigned>& twins, Sink& sink) {
    if (++per_rule_[a.name + '\n' + rule.card.id] > findings_per_rule_and_artifact) {
      if (per_rule_[a.name + '\n' + rule.card.id] == findings_per_rule_and_artifact + 1)
        sink.partly("more than " + std::to_string(findings_per_rule_and_artifact) +
                    " findings of " + rule.card.id);
      return false;
    }
    finding.artifact = a.name;
    finding.origin = root_.origin;
    relate_steps(view.fact(), finding);
    lines.complete(finding.place);
    if (finding.evidence.empty() && lines.is_text() && finding.place.line != 0)
      finding.evidence = printable(trim(lines.line(finding.place.line)), 240);
    // What makes it the same finding next week: rule, artifact and what was seen, not where.
    std::uint64_t print = fnv1a(a.name, fnv1a(rule.card.id));
    for (const Attribute& attribute : view.fact().attributes) {
      bool counts = rule.key.empty() ||
                    std::find(rule.key.begin(), rule.key.end(), attribute.name) != rule.key.end();
      if (counts) print = fnv1a(attribute.value, fnv1a(attribute.name, print));
    }
    unsigned twin = twins[print]++;
    if (twin != 0) print = fnv1a(std::to_string(twin), print);
    finding.id = hex16(print);
    const Place& at = finding.place;
    if (view.fact().kind == "credential" && at.length != 0 && at.offset < a.bytes.size())
      finding.secret = fnv1a(as_text(a.bytes).substr(at.offset, at.length));
    return true;
  }

  void add(const Artifact& a, const FactView& view, Finding finding, Lines& lines) {
    accept(request_.accepted, view.path, comment_at(a, lines, finding.place.line), finding,
           out_.notes);
    out_.findings.push_back(std::move(finding));
  }

  void await(const Artifact& a, std::uint32_t rule, const FactView& view, Finding seed,
             Lines& lines) {
    Awaiting w;
    w.fact = {a.name, with_owners(view.facts, view.index), {}};
    w.fact.fact().place = seed.place;
    w.rule = rule;
    w.inside = view.path;
    w.role = view.role;
    w.kinds = view.kinds;
    w.comment = comment_at(a, lines, seed.place.line);
    w.seed = std::move(seed);
    lines.complete(std::span(&w.seed, 1));
    out_.awaiting.push_back(std::move(w));
  }

  // An allowance on the line of a finding, or in the comment lines right above it. Only text as it
  // lies there speaks for itself, and the cells of a notebook: not what archives or history hold.
  std::optional<Allowance> comment_at(const Artifact& a, Lines& lines, std::uint32_t line) const {
    constexpr std::uint32_t comment_lines = 5;
    bool cell = a.depth == 1 && extension(split_once(a.name, "!/").before) == "ipynb";
    bool speaks = request_.accepted.comments && root_.listed && (a.depth == 0 || cell);
    if (!speaks || line == 0 || !lines.is_text()) return std::nullopt;
    auto found = allowance_in(lines.line(line));
    for (std::uint32_t n = 1; !found && n <= comment_lines && n < line; ++n) {
      auto above = trim(lines.line(line - n));
      if (!is_comment(above)) break;
      found = allowance_in(above);
    }
    return found;
  }
  static bool is_comment(std::string_view line) {
    for (std::string_view start : {"#", "//", "--", ";", "/*", "*", "<!--", "{#", "%"})
      if (line.starts_with(start)) return true;
    return false;
  }

  void finish(ScannedArtifact& row, const Artifact& a, const Sink& sink) {
    row.kinds = sink.kinds();
    std::sort(row.kinds.begin(), row.kinds.end());
    row.kinds.erase(std::unique(row.kinds.begin(), row.kinds.end()), row.kinds.end());
    bool of_use = !(out_.findings.empty() && out_.awaiting.empty()) && a.bytes.size() <= hash_up_to;
    if (a.depth == 0 && (request_.hash_all || of_use)) row.sha256 = sha256_hex(a.bytes);
    std::vector<std::string> why = sink.why_partly();
    if (a.depth == 0 && budget_.spent() != nullptr)
      why.push_back(std::string("stopped at ") + budget_.spent());
    if (why.empty()) return;
    row.status = ScannedArtifact::Status::partly;
    row.why = join(why, "; ");
  }

  const Root& root_;
  const ScanRequest& request_;
  const Armoury& armoury_;
  Budget budget_;
  std::uint64_t unpack_at_start_;
  RootResult out_;
  std::map<std::string, std::size_t> per_rule_;
  bool kept_limit_said_ = false;
};

RootResult not_scanned(const Root& root, std::string why) {
  RootResult out;
  out.artifacts.push_back(
      {root.name, {}, 0, {}, ScannedArtifact::Status::not_scanned, std::move(why)});
  return out;
}

}  // namespace

RootResult scan_root(const Root& root, const ScanRequest& request, const Armoury& armoury) {
  if (!root.note.empty()) return {};
  if (!root.problem.empty()) return not_scanned(root, root.problem);
  Artifact artifact = root.bytes;
  std::shared_ptr<const std::atomic<bool>> torn;
  if (root.open) {
    auto made = root.open();
    if (!made) return not_scanned(root, made.error().cause);
    if (!*made) return {};
    artifact = std::move(**made);
  } else if (!root.path.empty()) {
    auto file = open_file(root.path);
    if (!file) return not_scanned(root, file.error().cause);
    artifact = {root.name, file->bytes, file->owner, 0};
    torn = file->torn;
  }
  RootScan scan(root, request, armoury, artifact.bytes.size());
  scan.artifact(artifact);
  RootResult out = scan.take();
  if (torn != nullptr && torn->load()) {
    out.artifacts[0].status = ScannedArtifact::Status::partly;
    out.artifacts[0].why = "the file shrank while it was read";
  }
  return out;
}

}  // namespace parapet
