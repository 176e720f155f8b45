#pragma once
// Users' own rules for credentials in the TOML form that gitleaks documents: [[rules]] with id,
// description, regex, secretGroup, entropy, keywords, path, [[rules.allowlists]] and the global
// [[allowlists]] with regexes, regexTarget, paths, stopwords, condition; [extend] with path,
// useDefault and disabledRules. https://github.com/gitleaks/gitleaks#configuration
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/credential_kind.h"

namespace parapet {

struct UserRules {
  std::vector<CredentialKind> kinds;  // of group "user"
  std::vector<std::string> notes;     // what of the file has no meaning here
};

// `file` is shown in errors, which name the line and the rule. `read_other` gives the text of a
// file that [extend] names, relative to `file`.
Result<UserRules> read_gitleaks_rules(
    const std::string& file, std::string_view toml,
    const std::function<Result<std::string>(const std::string& path)>& read_other);

}  // namespace parapet
