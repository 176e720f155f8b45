#include "engine/root_scan.h"

#include <algorithm>
#include <exception>
#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "dialects/dialect.h"
#include "engine/role.h"
#include "formats/format.h"
#include "io/digest.h"
#include "io/mapped_file.h"

namespace parapet {
namespace {

constexpr std::uint64_t hash_up_to = 16ULL << 20U;  // bytes
constexpr std::size_t findings_per_rule_and_artifact = 200;

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
    try {
      for (const Format* f : all_formats())
        if (f->recognises(a)) f->parse(a, sink);
      for (const Dialect* d : all_dialects())
        if (d->read != nullptr && !sink.documents().empty()) d->read(a, sink.documents(), sink);
      for (const Dialect* d : all_dialects())
        if (d->understand != nullptr) d->understand(a, sink);
    } catch (const std::exception& e) {  // a library, or memory: this artifact only
      sink.partly(std::string("scanner fault: ") + e.what());
    }
    judge(a, sink);
    finish(out_.artifacts[row], a, sink);
  }

  RootResult take() {
    out_.unpacked_bytes = unpack_at_start_ - budget_.unpack_left();
    return std::move(out_);
  }

 private:
  void judge(const Artifact& a, Sink& sink) {
    std::string_view inside = std::string_view(a.name).substr(std::min(root_.inner, a.name.size()));
    std::string_view role = role_of(inside);
    Lines lines(a.bytes);
    const Facts& facts = sink.facts();
    std::map<std::uint64_t, unsigned> twins;  // fingerprints seen in this artifact
    for (std::size_t i = 0; i < facts.size(); ++i) {
      ++out_.fact_counts[facts[i].kind];
      if (facts[i].kind == "control") {
        Place place = facts[i].place;
        lines.complete(place);
        out_.controls.push_back({std::string(facts[i].get("name")), a.name, std::move(place)});
      }
      FactView view{facts, i, inside, role, sink.kinds()};
      for (std::uint32_t r : armoury_.rules.on(facts[i].kind)) {
        const Rule& rule = armoury_.rules.rules()[r];
        Finding finding;
        if (evaluate(rule, view, finding))
          add(a, rule, view, std::move(finding), lines, twins, sink);
      }
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
    out_.findings.push_back(std::move(finding));
  }

  void finish(ScannedArtifact& row, const Artifact& a, const Sink& sink) {
    row.kinds = sink.kinds();
    std::sort(row.kinds.begin(), row.kinds.end());
    row.kinds.erase(std::unique(row.kinds.begin(), row.kinds.end()), row.kinds.end());
    if (a.depth == 0 && (request_.hash_all || a.bytes.size() <= hash_up_to))
      row.sha256 = sha256_hex(a.bytes);
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
};

RootResult not_scanned(const Root& root, std::string why) {
  RootResult out;
  out.artifacts.push_back(
      {root.name, {}, 0, {}, ScannedArtifact::Status::not_scanned, std::move(why)});
  return out;
}

}  // namespace

RootResult scan_root(const Root& root, const ScanRequest& request, const Armoury& armoury) {
  if (!root.problem.empty()) return not_scanned(root, root.problem);
  Artifact artifact = root.bytes;
  std::shared_ptr<const std::atomic<bool>> torn;
  if (!root.path.empty()) {
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
