#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "match/credentials.h"

namespace parapet {
namespace {

// Formats whose children carry all their text: what stands in a cell would be found twice.
bool children_hold_the_text(const Sink& sink) {
  constexpr std::array<std::string_view, 9> containers{"ipynb", "zip",  "tar", "gzip",    "bzip2",
                                                       "xz",    "zstd", "lz4", "sevenzip"};
  if (!sink.why_partly().empty()) return false;
  return std::any_of(sink.kinds().begin(), sink.kinds().end(), [&](const std::string& k) {
    return std::find(containers.begin(), containers.end(), k) != containers.end();
  });
}

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

}  // namespace

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
  bool whole = matcher.find(
      as_text(artifact.bytes), where,
      [&](const CredentialHit& h) {
        if (!sink.next()) return;
        if (h.placeholder && h.kind->group == "generic") return;
        if (!h.placeholder) secret_spans.emplace_back(h.offset, h.length);
        auto [it, added] = seen.try_emplace({h.kind->id, h.secret}, Seen{facts.size(), 0});
        ++it->second.count;
        if (added) facts.push_back(fact_of(h, where));
      },
      artifact.name);
  for (const auto& [key, s] : seen) facts[s.fact].set("count", std::to_string(s.count));
  for (Fact& f : facts) sink.add(std::move(f));
  if (!whole) sink.partly("too many places that look like credentials: the rest was not searched");
}

}  // namespace parapet
