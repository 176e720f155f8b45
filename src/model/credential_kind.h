#pragma once
// A kind of credential as data: how it looks, what it opens, how to revoke it. The kinds stand in
// knowledge/credentials/*.yaml; match/credentials.h finds them.
#include <cstdint>
#include <string>
#include <vector>

namespace parapet {

struct CredentialKind {
  std::string id;        // "huggingface-token": the fact's `type`
  std::string provider;  // "Hugging Face"
  std::string title;     // "Hugging Face access token"
  // cloud, model-provider, model-hub, ml-tool, code-host, package-registry, service, database, url,
  // session, private-key, generic, default
  std::string group;
  std::vector<std::string> powers;  // spend, write-model, write-code, write-data, read-data, admin

  static constexpr std::size_t shortest_keyword = 3;  // bytes
  std::vector<std::string> keywords;                  // one of them stands in or beside the secret
  bool exact_case = false;                            // of the keywords
  // PCRE2 over bytes, group 1 is the secret. With before = after = 0 it is matched where a keyword
  // starts, otherwise searched in that many bytes around the keyword.
  std::string pattern;
  std::uint32_t before = 0, after = 0;
  std::uint32_t span = 512;  // longest match in bytes

  double min_entropy = 0;  // bits per character of the secret
  std::uint32_t min_length = 0;
  enum class Check : std::uint8_t {
    github_crc32,  // last six characters are the CRC-32 of the rest, in base 62
    base64,        // decodes
    base64_pair,   // decodes to "user:password"
    base64_pem,    // decodes to a PEM block
    base64_json,   // decodes to a JSON object
    jwt,           // the header decodes to JSON with "alg"
    mixed,         // holds lower case, upper case or a digit: not one word
    random,        // letters and digits, and neither words, a path, a file nor an identifier
  };
  std::vector<Check> checks;
  std::vector<std::string> known;  // values that documentation shows; beginnings count
  bool shipped_default = false;    // the value is a product's default: never a placeholder

  // Of rules that users bring (knowledge/gitleaks_rules.h): the pattern is matched anywhere in a
  // text that holds a keyword, or in every text where there is none; the secret is capture group
  // `secret_group`, with 0 the first that took part, or else the whole match.
  bool whole_text = false;
  std::uint32_t secret_group = 0;
  std::string path;  // PCRE2 over the artifact's name; empty: any. Without a pattern the file
                     // itself is the finding
  struct Allowed {
    std::vector<std::string> paths, regexes;  // PCRE2
    std::vector<std::string> stop_words;      // in the secret, any case
    enum class Target : std::uint8_t { secret, match, line } target = Target::secret;
    bool all = false;  // every list that is given has to say so, not one of them
  };
  std::vector<Allowed> allowed;  // what one of these knows is no finding

  std::vector<std::string> only;  // places (the fact's `where`) it is looked for in; empty: all

  std::string can;     // what it opens
  std::string revoke;  // how to make it worthless
};

}  // namespace parapet
