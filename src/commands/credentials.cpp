// parapet credentials: which kinds of credentials are looked for, and what each opens.
#include <algorithm>
#include <cstdio>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "commands/command.h"
#include "knowledge/credential_kinds.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {{"format", 'f', "NAME", "text or json", "text"}};

constexpr std::string_view details =
    "Without ID all kinds are listed by group. ID is the `type` of a finding, as in\n\n"
    "  parapet credentials huggingface-token     what it looks like, what it opens, how to revoke "
    "it\n"
    "  parapet credentials -f json               for programs\n\n"
    "Kinds of your own: parapet scan --gitleaks-config FILE.";

std::string list(const std::vector<CredentialKind>& kinds) {
  std::map<std::string_view, std::vector<const CredentialKind*>> groups;
  for (const CredentialKind& k : kinds) groups[k.group].push_back(&k);
  std::string out = std::to_string(kinds.size()) + " kinds of credentials\n";
  for (auto& [group, members] : groups) {
    std::stable_sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
      return lower(a->provider) < lower(b->provider);
    });
    out += "\n" + std::string(group) + " (" + std::to_string(members.size()) + ")\n";
    for (const CredentialKind* k : members) {
      out += "  " + k->id;
      out.append(k->id.size() < 34 ? 34 - k->id.size() : 1, ' ');
      out += k->title + '\n';
    }
  }
  return out;
}

std::string one(const CredentialKind& k) {
  std::string out = k.title + "\n";
  auto row = [&](std::string_view label, std::string_view text) {
    if (text.empty()) return;
    out += "  " + std::string(label);
    out.append(12 - label.size(), ' ');
    out += std::string(text) + '\n';
  };
  row("id", k.id);
  row("provider", k.provider);
  row("group", k.group);
  row("can", k.can);
  row("powers", join(k.powers, ", "));
  row("revoke", k.revoke);
  row("keywords", join(k.keywords, ", "));
  row("pattern", k.pattern);
  row("only in", join(k.only, ", "));
  return out;
}

std::string as_json(const std::vector<CredentialKind>& kinds) {
  JsonWriter w;
  w.begin_object().key("kinds").begin_array();
  for (const CredentialKind& k : kinds) {
    w.begin_object().field("id", k.id).field("provider", k.provider).field("title", k.title);
    w.field("group", k.group).strings("powers", k.powers).strings("keywords", k.keywords);
    w.field("pattern", k.pattern).field("can", k.can).field("revoke", k.revoke).end_object();
  }
  w.end_array().end_object();
  return w.take();
}

Result<int> run(const Arguments& a) {
  std::string format = a.get("format", "text");
  if (format != "text" && format != "json")
    return Fail(Error{"--format " + format, "must be text or json"});
  std::vector<CredentialKind> kinds = TRY(load_credential_kinds());
  if (a.positional.size() > 1) return Fail(Error{"credentials", "takes one ID at most"});
  if (!a.positional.empty()) {
    const std::string& id = a.positional[0];
    std::erase_if(kinds, [&](const CredentialKind& k) { return k.id != id; });
    if (kinds.empty())
      return Fail(Error{"credentials " + id, "no kind is called so; see: parapet credentials"});
  }
  std::string text = format == "json"       ? as_json(kinds)
                     : a.positional.empty() ? list(kinds)
                                            : one(kinds[0]);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return 0;
}

}  // namespace

extern const Command credentials{
    "credentials", "the kinds of credentials that are found", "[ID]", details, options, run};

}  // namespace parapet::commands
