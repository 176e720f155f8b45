// Which access the bucket has that data or models are read from: a DVC remote, a feature store or
// another user names a bucket, infrastructure code in another file opens it.
#include <map>

#include "base/text.h"
#include "joins/join.h"

namespace parapet::joins {
namespace {

// "ml-data" of s3://ml-data/raw; empty: no bucket's address.
std::string_view bucket_of(std::string_view url) {
  for (std::string_view scheme : {"s3://", "gs://", "s3a://", "azure://", "abfs://", "wasbs://"})
    if (url.starts_with(scheme)) {
      std::string_view name = url.substr(scheme.size());
      return name.substr(0, name.find_first_of("/@?"));
    }
  return {};
}

bool reads(const Fact& f) {
  return f.kind == "storage" && f.has("access") && !f.get("name").empty();
}

bool is_worse(std::string_view a, std::string_view b) {
  auto rank = [](std::string_view access) {
    return access == "public-write" ? 2 : access == "public-read" ? 1 : 0;
  };
  return rank(a) > rank(b);
}

void join(Estate& estate) {
  std::map<std::string_view, const KeptFact*> buckets;
  for (const KeptFact& k : estate.kept) {
    if (!reads(k.fact)) continue;
    auto [at, fresh] = buckets.try_emplace(k.fact.get("name"), &k);
    if (!fresh && is_worse(k.fact.get("access"), at->second->fact.get("access"))) at->second = &k;
  }
  if (buckets.empty()) return;
  for (OpenFact& open : estate.open) {
    if (open.fact().kind != "storage") continue;
    auto at = buckets.find(bucket_of(open.fact().get("url")));
    if (at == buckets.end()) continue;
    const KeptFact& k = *at->second;
    open.fact().put("bucket_access", k.fact.get("access"));
    open.related.push_back({k.artifact, k.fact.place, k.fact.says});
  }
}

constexpr std::string_view sets[] = {"bucket_access"};

}  // namespace

extern const Join public_bucket;
const Join public_bucket{
    "public_bucket", "buckets that are read, with the access that another file gives",
    "storage",       sets,
    reads,           join};

}  // namespace parapet::joins
