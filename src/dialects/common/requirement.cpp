#include "dialects/common/requirement.h"

#include <algorithm>
#include <string>

#include "base/secret_names.h"
#include "base/text.h"
#include "base/version.h"

namespace parapet::dialects {

void add_requirement(Sink& sink, std::string_view text, bool known, std::string_view manager,
                     Place place, std::int32_t of) {
  text = trim(text);
  bool hash = contains(text, "--hash=") || contains(text, "#sha256=");
  if (auto at = text.find(" --hash"); at != std::string_view::npos) text = trim(text.substr(0, at));
  if (auto at = text.find(';'); at != std::string_view::npos) text = trim(text.substr(0, at));
  if (text.empty() || text.size() > 1000) return;
  Fact f{"dependency", {}, std::move(place), printable(without_secrets(text), 160)};
  f.of = of;
  f.set("manager", manager);
  std::size_t n = 0;
  while (n < text.size() && (is_word(text[n]) || text[n] == '-' || text[n] == '.')) ++n;
  std::string_view name = text.substr(0, n);
  std::string_view rest = trim(text.substr(n));
  if (rest.starts_with('['))
    rest = trim(rest.substr(std::min(rest.find(']'), rest.size() - 1) + 1));
  bool url = contains(text, "://") && (rest.starts_with('@') || rest.starts_with(':') ||
                                       rest.starts_with('+') || name == "git");
  if (url) {
    std::string_view address = rest.starts_with('@') ? trim(rest.substr(1)) : text;
    if (!rest.starts_with('@')) {
      auto egg = address.find("egg=");
      std::string_view last = file_name(address.substr(0, address.find_first_of("#?")));
      name = egg != std::string_view::npos ? address.substr(egg + 4)
                                           : last.substr(0, last.find_first_of("@.-"));
    }
    f.set("name", normalised_package(name)).set("url", address, known);
    // A commit is exact; a branch, a tag or nothing is not.
    auto at = address.rfind('@');
    std::string_view ref = at != std::string_view::npos && at > address.find("://") + 3
                               ? address.substr(at + 1)
                               : std::string_view();
    ref = ref.substr(0, ref.find_first_of("#?&"));
    bool commit = ref.size() >= 40 &&
                  ref.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
    if (!ref.empty() && address.starts_with("git")) f.set("version", ref);
    f.set("pinned", commit || hash ? "exact" : "none");
  } else {
    if (name.empty() || (!rest.empty() && rest.find_first_of("=<>!~(") != 0)) return;
    f.set("name", normalised_package(name), known);
    if (rest.starts_with('(')) rest = trim(rest.substr(1, rest.find(')') - 1));
    std::string_view version = trim(without_signs(rest));
    bool equals = rest.starts_with("==");
    if (manager == "conda" && rest.starts_with('=')) {
      // One sign is a prefix: "1.26" is any 1.26.x, "1.26.4" as good as exact. A build may follow.
      auto [number, build, built] = split_once(version, "=");
      version = number;
      equals = equals || built || std::count(number.begin(), number.end(), '.') >= 2;
    }
    bool exact = equals && !contains(rest, "*") && !contains(rest, ",");
    if (!rest.empty()) f.set("specifier", rest);
    if (exact) f.set("version", version);
    f.set("pinned", exact ? "exact" : rest.empty() ? "none" : "range");
  }
  f.set("hash", hash ? "yes" : "no");
  sink.add(std::move(f));
}

void add_index(Sink& sink, std::string_view option, std::string_view url, bool known, Place place,
               std::int32_t of) {
  url = trim(url);
  if (url.empty()) return;
  Fact f{
      "package-index", {}, std::move(place), std::string(option) + " " + without_secrets(url, 160)};
  f.of = of;
  f.set("option", option).set("url", url, known);
  sink.add(f.set("tls", url.starts_with("http://") || option == "trusted-host" ? "no" : "yes"));
}

}  // namespace parapet::dialects
