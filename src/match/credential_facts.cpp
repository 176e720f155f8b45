#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "match/credentials.h"

namespace parapet {
namespace {

std::string says(const CredentialHit& h) {
  std::string out = h.name.empty() ? h.kind->title : printable(h.name, 64) + ": " + h.kind->title;
  out += h.encoded.empty() ? ": " : ", in " + h.encoded + ": ";
  return out + redacted(h.secret);
}

Fact fact_of(const CredentialHit& h, Where where) {
  const CredentialKind& k = *h.kind;
  Fact f{"credential", {}, {h.offset, h.length}, says(h)};
  bool in_url =
      (k.group == "database" || k.group == "url") && where != Where::output && where != Where::env;
  f.set("type", k.id)
      .set("group", k.group)
      .set("provider", k.provider)
      .set("value", redacted(h.secret));
  if (!h.name.empty()) f.set("name", printable(h.name, 64));
  f.set("where", in_url ? "url" : to_text(where));
  f.set("placeholder", h.placeholder ? "yes" : "no");
  for (const auto& power : k.powers) f.set("power", power);
  if (!h.encoded.empty()) f.set("encoded", h.encoded);
  if (h.checksum != CredentialHit::Checksum::none)
    f.set("checksum", h.checksum == CredentialHit::Checksum::right ? "right" : "wrong");
  return f.set("can", k.can).set("revoke", k.revoke);
}

// MLflow's file store keeps one value a file, under the name of what it is:
// mlruns/0/RUN/params/api_key. `name = "value"`, as other files would have it; `lead` is how much
// stands before the value. Empty: another file.
std::string named_value(const Artifact& a, std::size_t& lead) {
  constexpr std::size_t longest = 6000;  // of a parameter in MLflow
  if (a.bytes.size() > longest || !contains(a.name, "mlruns/")) return {};
  std::string_view name = file_name(a.name);
  std::string_view folder = std::string_view(a.name).substr(0, a.name.size() - name.size());
  if (!folder.ends_with("/params/") && !folder.ends_with("/tags/")) return {};
  std::string text = std::string(name) + " = \"";
  lead = text.size();
  return text + std::string(trim(as_text(a.bytes))) + "\"";
}

}  // namespace

bool children_hold_the_text(const Sink& sink) {
  constexpr std::array<std::string_view, 9> containers{"ipynb", "zip",  "tar", "gzip",    "bzip2",
                                                       "xz",    "zstd", "lz4", "sevenzip"};
  if (!sink.why_partly().empty()) return false;
  return std::any_of(sink.kinds().begin(), sink.kinds().end(), [&](const std::string& k) {
    return std::find(containers.begin(), containers.end(), k) != containers.end();
  });
}

// What a format has told of a file that is too large to be searched as a whole.
void add_metadata_credentials(const CredentialMatcher& matcher, Sink& sink) {
  std::vector<Fact> found;
  for (const Fact& m : sink.facts()) {
    if (m.kind != "metadata") continue;
    std::string text = std::string(m.get("key")) + ": \"" + std::string(m.get("value")) + "\"";
    matcher.find(text, Where::metadata, [&](const CredentialHit& h) {
      if (!sink.next() || (h.placeholder && h.kind->group == "generic")) return;
      found.push_back(fact_of(h, Where::metadata).set("count", "1"));
      found.back().place = m.place;
    });
  }
  for (Fact& f : found) {
    bool known = std::any_of(sink.facts().begin(), sink.facts().end(), [&](const Fact& other) {
      return other.kind == "credential" && other.get("value") == f.get("value") &&
             other.get("type") == f.get("type");
    });
    if (!known) sink.add(std::move(f));
  }
}

void add_credential_facts(const CredentialMatcher& matcher, const Artifact& artifact, Sink& sink,
                          std::vector<std::pair<std::uint64_t, std::uint64_t>>& secret_spans) {
  if (children_hold_the_text(sink)) return;
  Where where = where_of(artifact.name, sink.kinds());
  struct Seen {
    std::size_t fact;
    unsigned count;
  };
  std::map<std::pair<std::string_view, std::string>, Seen> seen;
  std::vector<Fact> facts;
  std::size_t lead = 0;
  std::string named = named_value(artifact, lead);
  bool whole = matcher.find(
      named.empty() ? as_text(artifact.bytes) : named, where,
      [&](CredentialHit h) {
        if (!sink.next()) return;
        h.offset -= std::min<std::uint64_t>(h.offset, lead);
        if (h.placeholder && h.kind->group == "generic") return;
        if (!h.placeholder) secret_spans.emplace_back(h.offset, h.length);
        auto [it, added] = seen.try_emplace({h.kind->id, h.secret}, Seen{facts.size(), 0});
        ++it->second.count;
        if (added) facts.push_back(fact_of(h, where));
      },
      artifact.name);
  for (const auto& [key, s] : seen) facts[s.fact].set("count", std::to_string(s.count));
  for (Fact& f : facts) sink.add(std::move(f));
  if (!whole)
    sink.partly(
        "not all was searched for credentials: too many places that look like one, or more than 1 "
        "MiB "
        "in one encoded run");
}

}  // namespace parapet
