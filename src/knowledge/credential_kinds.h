#pragma once
// The kinds of credentials in knowledge/credentials/*.yaml:
//
//   defaults: {group: ml-tool, power: [write-data]}     fields that a kind below does not give
//   itself kinds:
//     - id: pinecone-key
//       provider, title, group, power, can, revoke      see model/credential_kind.h
//       keywords: [pcsk_]          one of them stands in or beside the secret
//       exact_case: true
//   and one of
//       token: 'pcsk_[A-Za-z0-9]{60}'     the secret itself, starting at the keyword, on its own
//       value: '[0-9a-f]{40}'             what the variable, key or argument called KEYWORD is
//       given pattern: '…(secret)…'             anything else; matched at the keyword, or with
//       `before` and
//                                         `after` searched in so many bytes around it
//   and limits: entropy, min_length, checks, known, only, span, default (shipped by the product)
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/credential_kind.h"
#include "syntax/parsed.h"

namespace parapet {

// All embedded kinds. The error names file and line.
Result<std::vector<CredentialKind>> load_credential_kinds();

// One file's kinds.
Result<std::vector<CredentialKind>> read_credential_kinds(std::string_view path,
                                                          std::string_view yaml);
Result<std::vector<CredentialKind>> read_credential_kinds(std::string_view path,
                                                          const Parsed& yaml);

}  // namespace parapet
