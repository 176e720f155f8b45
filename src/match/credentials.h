#pragma once
// Finds credentials in text or bytes: one pass for the keywords of all kinds, a kind's regular
// expression only where its keyword stands. Encoded runs are decoded and searched again, two levels
// deep.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "match/keywords.h"
#include "model/artifact.h"
#include "model/credential_kind.h"
#include "model/sink.h"

namespace parapet {

// What kind of text this is: the `where` of facts (docs/facts.md).
enum class Where : std::uint8_t { source, output, metadata, env, config, pickle };
std::string_view to_text(Where);
Where where_of(std::string_view artifact_name, const std::vector<std::string>& formats);

struct CredentialHit {
  const CredentialKind* kind = nullptr;
  std::uint64_t offset = 0, length = 0;  // of the secret, or of the base64 run around it
  std::string secret;                    // as found, decoded
  std::string name;                      // the variable or key beside it; may be empty
  bool placeholder = false;              // an example value or a reference, not a secret
  std::string encoded;                   // in which form it stands there: match/decode.h
  enum class Checksum : std::uint8_t { none, right, wrong } checksum = Checksum::none;
};

class CredentialMatcher {
 public:
  // The error is a pattern that does not compile, and only with `check_patterns`: otherwise
  // patterns are compiled when their keyword is first seen.
  static Result<std::shared_ptr<const CredentialMatcher>> make(std::vector<CredentialKind> kinds,
                                                               bool check_patterns = false);
  ~CredentialMatcher();

  // Calls visit for every hit, by offset, of overlapping hits only the most specific. May be called
  // by several threads at once. False: a bound was hit and the rest was not looked at.
  // `path` is the artifact's name, for users' rules.
  bool find(std::string_view text, Where where,
            const std::function<void(const CredentialHit&)>& visit,
            std::string_view path = {}) const;

  const std::vector<CredentialKind>& kinds() const { return kinds_; }

 private:
  struct Pattern;
  struct Search;
  explicit CredentialMatcher(std::vector<CredentialKind> kinds);
  const Pattern& compiled(std::uint32_t kind) const;
  void search(std::string_view text, Search& s) const;
  void try_kind(std::string_view text, std::uint32_t kind, std::size_t begin, std::size_t end,
                Search& s) const;
  void try_whole(std::string_view text, std::uint32_t kind, Search& s) const;
  void search_encoded(std::string_view text, Search& s) const;

  std::vector<CredentialKind> kinds_;
  std::vector<Keyword> literals_;                     // each once
  std::vector<std::vector<std::uint32_t>> kinds_of_;  // per literal
  std::vector<std::uint32_t> without_keyword_;        // kinds that every text is searched for
  std::unique_ptr<Pattern[]> patterns_;               // per kind
  std::unique_ptr<const Keywords> keywords_;
};

// Formats whose children carry all their text: what stands in a cell would be found twice.
bool children_hold_the_text(const Sink&);

// `credential` facts for secrets in the values of `metadata` facts, at their places.
void add_metadata_credentials(const CredentialMatcher&, Sink&);

// Puts `credential` facts, one per secret and artifact (`count` says how often it stands there),
// and the spans of all secrets, so that evidence quoted around them can hide them.
void add_credential_facts(const CredentialMatcher&, const Artifact&, Sink&,
                          std::vector<std::pair<std::uint64_t, std::uint64_t>>& secret_spans);

}  // namespace parapet
