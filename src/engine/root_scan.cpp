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
#include "match/indicators.h"

namespace parapet {
namespace {

constexpr std::uint64_t hash_up_to = 16ULL << 20U;  // bytes
constexpr std::uint64_t line_hash_up_to =
    16ULL << 20U;  // bytes of a text; beyond, SARIF falls back on the id
// Larger binary artifacts are tensors for the most part; their formats give the text in them as
// facts. A file of no known format has nobody else who looks into it.
constexpr std::uint64_t search_binary_up_to = 1ULL << 20U;    // bytes
constexpr std::uint64_t search_unknown_up_to = 64ULL << 20U;  // bytes
constexpr std::size_t kept_per_root = 50'000;
constexpr std::size_t findings_per_rule_and_artifact = 200;

using Spans = std::vector<std::pair<std::uint64_t, std::uint64_t>>;  // offset, length

// The lines of a text artifact, found when the first fact needs them.
class Lines {
 public:
  explicit Lines(Bytes bytes) : text_(as_text(bytes)), is_text_(looks_like_text(bytes)) {}
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
      search(a, sink, secrets, whole);
    } catch (const std::exception& e) {  // a library, or memory: this artifact only
      sink.partly(std::string("scanner fault: ") + e.what());
    }
    if (request_.observe) request_.observe(a, sink);
    std::size_t first = out_.findings.size();
    judge(a, sink);
    hide_secrets(as_text(a.bytes), secrets, first);
    finish(out_.artifacts[row], a, sink);
  }

  RootResult take() {
    out_.unpacked_bytes = unpack_at_start_ - budget_.unpack_left();
    return std::move(out_);
  }

 private:
  // Configuration and code of the past hold no longer, and are not parsed; what was a model or a
  // notebook can be loaded or read today as well. A pointer says that its file is elsewhere.
  bool worth_reading(const Artifact& a) const {
    return !root_.past || !looks_like_text(a.bytes) || extension(a.name) == "ipynb" ||
           as_text(a.bytes).starts_with("version https://git-lfs");
  }

  // Credentials and signs of an intruder, which any bytes may hold.
  void search(const Artifact& a, Sink& sink, Spans& secrets, bool whole) {
    bool is_text = looks_like_text(a.bytes);
    bool unknown = !is_text && a.depth == 0 && sink.kinds().empty() && !a.bytes.empty();
    if (unknown) out_.unknown_binary = true;
    if (!is_text && !unknown && a.bytes.size() > search_binary_up_to) return;
    Artifact part = a;
    if (unknown && a.bytes.size() > search_unknown_up_to) {
      part.bytes = a.bytes.first(search_unknown_up_to);
      sink.partly("of no known format, and larger than what is searched for credentials: " +
                  std::to_string(search_unknown_up_to >> 20U) + " MiB");
    }
    add_credential_facts(armoury_.credentials, part, sink, secrets);
    if (whole) add_indicator_facts(part, sink);
  }

  void judge(const Artifact& a, Sink& sink) {
    std::string_view inside = std::string_view(a.name).substr(std::min(root_.inner, a.name.size()));
    std::string_view role = role_of(inside);
    Lines lines(a.bytes);
    const Facts& facts = sink.facts();
    std::map<std::uint64_t, unsigned> twins;  // fingerprints seen in this artifact
    std::size_t first = out_.findings.size();
    for (std::size_t i = 0; i < facts.size(); ++i) {
      ++out_.fact_counts[facts[i].kind];
      if (facts[i].kind == "control") {
        Place place = facts[i].place;
        lines.complete(place);
        out_.controls.push_back({std::string(facts[i].get("name")), a.name, std::move(place)});
      }
      if (tells_of_layers(facts[i])) keep(a, facts[i], sink);
      FactView view{facts, i, inside, role, sink.kinds()};
      for (std::uint32_t r : armoury_.rules.on(facts[i].kind)) {
        const Rule& rule = armoury_.rules.rules()[r];
        Finding finding;
        if (evaluate(rule, view, finding))
          add(a, rule, view, std::move(finding), lines, twins, sink);
      }
    }
    lines.complete(std::span(out_.findings).subspan(first));
  }

  void keep(const Artifact& a, const Fact& fact, Sink& sink) {
    if (out_.kept.size() < kept_per_root)
      out_.kept.push_back({a.name, fact});
    else if (!std::exchange(kept_limit_said_, true))
      sink.partly("more layers and deleted files than are joined");
  }

  // What is quoted around a credential must not show it: the findings of this artifact, from index
  // `first`, are searched for every secret that was found in it.
  void hide_secrets(std::string_view text, const Spans& secrets, std::size_t first) {
    std::set<std::string_view> distinct;
    for (auto [offset, length] : secrets)
      if (length >= 6) distinct.insert(text.substr(offset, length));
    for (std::size_t i = first; i < out_.findings.size(); ++i) {
      Finding& f = out_.findings[i];
      std::vector<std::string*> shown = {&f.message, &f.evidence};
      for (Related& r : f.related) shown.push_back(&r.says);
      for (std::string_view secret : distinct)
        for (std::string* says : shown)
          if (contains(*says, secret)) *says = replace_all(*says, secret, redacted(secret));
    }
  }

  void add(const Artifact& a, const Rule& rule, const FactView& view, Finding finding, Lines& lines,
           std::map<std::uint64_t, unsigned>& twins, Sink& sink) {
    if (++per_rule_[a.name + '\n' + rule.card.id] > findings_per_rule_and_artifact) {
      if (per_rule_[a.name + '\n' + rule.card.id] == findings_per_rule_and_artifact + 1)
        sink.partly("more than " + std::to_string(findings_per_rule_and_artifact) +
                    " findings of " + rule.card.id);
      return;
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
    out_.findings.push_back(std::move(finding));
  }

  void finish(ScannedArtifact& row, const Artifact& a, const Sink& sink) {
    row.kinds = sink.kinds();
    std::sort(row.kinds.begin(), row.kinds.end());
    row.kinds.erase(std::unique(row.kinds.begin(), row.kinds.end()), row.kinds.end());
    bool of_use = !out_.findings.empty() && a.bytes.size() <= hash_up_to;
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
