#pragma once
// Readers of hostile bytes that are no formats, as functions over bytes: what fuzz_NAME and the
// replay of every prefix call. Broken promises abort.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/text.h"
#include "base/version.h"
#include "engine/root_scan.h"
#include "io/git/pack.h"
#include "knowledge/advisories.h"
#include "knowledge/gitleaks_rules.h"
#include "match/advisories.h"
#include "support/armoury.h"

namespace parapet::test {

struct Reader {
  std::string_view name;
  void (*read)(Bytes);
};

// All kinds of credentials, and what is encoded; the first byte says what kind of text it is.
inline void read_credentials(Bytes bytes) {
  std::string_view text = as_text(bytes);
  auto where = static_cast<Where>(text.empty() ? 0U : static_cast<unsigned char>(text[0]) % 6U);
  armoury().credentials.find(text, where, [&](const CredentialHit& h) {
    if (h.offset > text.size() || h.length > text.size() - h.offset || h.kind == nullptr)
      std::abort();
  });
}

inline void read_osv_entry(Bytes bytes) {
  auto read = read_osv(as_text(bytes));
  if (!read) return;
  Advisories all;
  for (const PackageAdvisories& p : *read) all.add(p);
  for (const PackageAdvisories& p : *read)
    if (const auto* known = all.of(p.ecosystem, p.package); known != nullptr) {
      lowest_fixed(*known, "1.0");
      if (auto s = parse_specifier(">=1.0,<2"))
        for (const Advisory& a : *known) admitted_affected(a, *s);
    }
}

// One version or specifier a line: each with the next.
inline void read_versions(Bytes bytes) {
  std::string_view before;
  for (std::string_view line : split(as_text(bytes).substr(0, 4096), '\n')) {
    int there = compare_versions(before, line);
    int back = compare_versions(line, before);
    if (there != -back) std::abort();
    auto v = parse_version(before);
    if (auto s = parse_specifier(as_specifier(line)); s && v) admits(*s, *v);
    normalised_package(line);
    before = line;
  }
}

inline void read_user_rules(Bytes bytes) {
  auto no_file = [](const std::string& path) -> Result<std::string> {
    return Fail(Error{"open " + path, "there is none"});
  };
  auto rules = read_gitleaks_rules("fuzz.toml", as_text(bytes), no_file);
  if (!rules) return;
  auto matcher = CredentialMatcher::make(std::move(rules->kinds), true);
  if (!matcher) return;
  std::string_view text = as_text(bytes);
  (*matcher)->find(
      text, Where::source,
      [&](const CredentialHit& h) {
        if (h.offset > text.size() || h.length > text.size() - h.offset) std::abort();
      },
      "a/b.py");
}

// Four bytes of length, an index of that length, a pack. Both go through files, as they are mapped.
inline void read_git_pack(Bytes bytes) {
  static const std::string folder = [] {
    char name[] = "/tmp/fuzz-pack-XXXXXX";
    return std::string(mkdtemp(name) != nullptr ? name : "/tmp");
  }();
  if (bytes.size() < 4) return;
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i)
    length |= static_cast<std::size_t>(std::to_integer<unsigned char>(bytes[i])) << (8 * i);
  Bytes rest = bytes.subspan(4);
  length = std::min(length, rest.size());
  auto write = [](const std::string& file, Bytes content) {
    std::ofstream(file, std::ios::binary) << as_text(content);
  };
  write(folder + "/p.idx", rest.first(length));
  write(folder + "/p.pack", rest.subspan(length));
  auto pack = git::Pack::open(folder + "/p.idx", folder + "/p.pack");
  if (!pack) return;
  pack->settle_types();
  constexpr std::uint64_t largest = 1U << 20U;
  std::string base;
  for (std::size_t i = 0; i < std::min<std::size_t>(pack->entries().size(), 100); ++i) {
    auto object = pack->object(i);
    pack->find(pack->id(pack->entries()[i]));
    if (!object || object->size > largest) continue;
    auto content = git::inflate_exactly(object->packed, object->size);
    if (!content) continue;
    if (object->is_delta)
      git::apply_delta(as_bytes(base), as_bytes(*content), largest);
    else
      base = std::move(*content);
  }
}

// A whole scan of one file, every dialect and rule with it: the first line is the file's name.
inline void read_dialects(Bytes bytes) {
  std::string_view text = as_text(bytes);
  std::string name(text.substr(0, std::min<std::size_t>(text.find('\n'), 80)));
  std::size_t used = std::min(name.size() + 1, text.size());
  if (name.empty() || !is_utf8(name)) name = "compose.yaml";
  ScanRequest request;
  request.limits.seconds = 0;
  request.limits.steps = 2'000'000;
  request.limits.unpacked = 4ULL << 20U;
  Root root{name, "", Artifact{name, bytes.subspan(used), nullptr, 0}, {}, 0};
  RootResult result = scan_root(root, request, armoury());
  for (const Finding& f : result.findings)
    if (f.rule.empty() || f.title.empty()) std::abort();
}

inline std::span<const Reader> readers() {
  static constexpr Reader all[] = {
      {"credentials", read_credentials}, {"dialects", read_dialects},
      {"git_pack", read_git_pack},       {"gitleaks_rules", read_user_rules},
      {"osv_entry", read_osv_entry},     {"versions", read_versions}};
  return all;
}

}  // namespace parapet::test
