#include "match/advisories.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace parapet {
namespace {

std::string key_of(std::string_view ecosystem, std::string_view package) {
  return std::string(ecosystem) + "/" + std::string(package);
}

bool share_a_name(const Advisory& a, const Advisory& b) {
  auto names = [](const Advisory& of, const std::string& id) {
    return of.id == id || std::find(of.aliases.begin(), of.aliases.end(), id) != of.aliases.end();
  };
  return names(a, b.id) || std::any_of(b.aliases.begin(), b.aliases.end(),
                                       [&](const std::string& alias) { return names(a, alias); });
}

bool holds(const Advisory::Range& r, std::string_view version) {
  bool from = r.introduced.empty() || compare_versions(version, r.introduced) >= 0;
  bool before = r.fixed.empty() || compare_versions(version, r.fixed) < 0;
  bool until = r.last_affected.empty() || compare_versions(version, r.last_affected) <= 0;
  return from && before && until;
}

// Versions on both sides of every border that the specifier and the advisory draw: if they are all
// judged alike, so is everything between them.
std::vector<Version> borders(const Advisory& a, const VersionSpecifier& specifier) {
  std::vector<Version> out;
  auto add = [&](std::string_view text) {
    auto v = parse_version(text);
    if (!v) return;
    out.push_back(*v);
    v->pre.reset(), v->post.reset(), v->dev.reset(), v->local.clear();
    v->release.push_back({"0"});
    v->release.push_back({"1"});
    out.push_back(std::move(*v));
  };
  add("0");
  add("99999999");
  for (const VersionClause& c : specifier) add(c.text);
  for (const Advisory::Range& r : a.ranges)
    for (const std::string* text : {&r.introduced, &r.fixed, &r.last_affected}) add(*text);
  for (const std::string& v : a.versions) add(v);
  return out;
}

std::string shown(const Version& v) {
  std::string out;
  for (const VersionNumber& n : v.release) out += (out.empty() ? "" : ".") + n.digits;
  return out;
}

struct Seen {
  std::vector<const Advisory*> sure, possible;
};

Seen look(const std::vector<Advisory>& known, std::string_view version,
          const VersionSpecifier* specifier) {
  Seen out;
  for (const Advisory& a : known) {
    if (!version.empty()) {
      if (affects(a, version)) out.sure.push_back(&a);
    } else if (specifier != nullptr) {
      Admitted admitted = admitted_affected(a, *specifier);
      if (admitted == Admitted::all) out.sure.push_back(&a);
      if (admitted == Admitted::some) out.possible.push_back(&a);
    } else {
      out.possible.push_back(&a);
    }
  }
  return out;
}

// Where a specifier has an upper bound, what is below it counts.
std::string_view version_shown(const Fact& dependency) {
  std::string_view version = dependency.get("version");
  return version.empty() ? dependency.get("specifier") : version;
}

Fact fact_of(const std::vector<const Advisory*>& found, const std::vector<Advisory>& known,
             std::string_view package, std::string_view version, std::string_view certain) {
  std::vector<const Advisory*> worst_first = found;
  std::stable_sort(worst_first.begin(), worst_first.end(),
                   [](const Advisory* a, const Advisory* b) { return a->severity > b->severity; });
  Fact f{"vulnerability", {}, {}, {}};
  f.set("package", package).set("version", version).set("certain", certain);
  f.set("severity", to_text(worst_first.front()->severity));
  for (const Advisory* a : worst_first) f.set("id", a->id);
  f.set("count", std::to_string(found.size()));
  bool malicious =
      std::any_of(found.begin(), found.end(), [](const Advisory* a) { return a->malicious; });
  if (malicious) f.set("malicious", "yes");
  std::string fixed = lowest_fixed(known, parse_version(version) ? version : "0");
  f.set("fixed", fixed.empty() ? std::string("in no release") : fixed);
  f.set("source", worst_first.front()->source);
  f.says = std::string(package) + " " + printable(version, 60) + ": " + worst_first.front()->id;
  if (found.size() > 1) f.says += " and " + std::to_string(found.size() - 1) + " more";
  return f;
}

std::string_view ecosystem_of(std::string_view manager) {
  if (manager == "pip" || manager == "conda") return "PyPI";
  return manager == "npm" ? "npm" : "";
}

// conda-forge's names of packages that PyPI calls otherwise.
std::string_view on_pypi(std::string_view manager, std::string_view name) {
  if (manager != "conda") return name;
  if (name == "pytorch" || name == "pytorch-cpu" || name == "pytorch-gpu") return "torch";
  if (name == "airflow") return "apache-airflow";
  if (name == "ray-default" || name == "ray-core" || name == "ray-serve") return "ray";
  return name;
}

void of_dependency(const Advisories& advisories, std::size_t index, Sink& sink) {
  const Fact& d = sink.facts()[index];
  std::string_view manager = d.get("manager");
  std::string package(on_pypi(manager, d.get("name")));
  const auto* known = advisories.of(ecosystem_of(manager), package);
  if (known == nullptr || d.has("url")) return;
  const Attribute* specifier = d.find("specifier");
  std::string_view version = d.get("version");
  if (!version.empty() && !parse_version(version)) version = {};
  auto parsed = specifier != nullptr && specifier->known
                    ? parse_specifier(as_specifier(specifier->value))
                    : std::nullopt;
  Seen seen = look(*known, version, parsed ? &*parsed : nullptr);
  bool nothing_said = version.empty() && !parsed;
  const auto& found = seen.sure.empty() ? seen.possible : seen.sure;
  if (found.empty()) return;
  std::string_view certain = !seen.sure.empty() ? "yes" : nothing_said ? "unknown" : "no";
  Fact f = fact_of(found, *known, package, version_shown(d), certain);
  f.place = d.place;
  f.of = static_cast<std::int32_t>(index);
  f.set("manager", manager);
  sink.add(std::move(f));
}

// "v2.14.1", "24.01-py3", "0.5.3-cuda12": the version at the front of a tag.
std::string_view version_of_tag(std::string_view tag) {
  if (tag.starts_with("main-")) tag.remove_prefix(5);
  if (tag.starts_with('v')) tag.remove_prefix(1);
  std::size_t n = 0;
  while (n < tag.size() && (is_digit(tag[n]) || tag[n] == '.')) ++n;
  tag = tag.substr(0, n);
  while (tag.ends_with('.')) tag.remove_suffix(1);
  return contains(tag, ".") ? tag : std::string_view();
}

void of_image(const Advisories& advisories, std::size_t index, Sink& sink) {
  const Fact& image = sink.facts()[index];
  std::string product(advisories.product_of_image(image.get("name")));
  if (product.empty()) return;
  const Attribute* tag = image.find("tag");
  std::string version(tag != nullptr && tag->known ? version_of_tag(tag->value)
                                                   : std::string_view());
  if (version.empty()) return;
  const auto* known = advisories.of("PyPI", product);
  if (known == nullptr) known = advisories.of("image", product);
  if (known == nullptr) return;
  Seen seen = look(*known, version, nullptr);
  if (seen.sure.empty()) return;
  Fact f = fact_of(seen.sure, *known, product, version, "yes");
  f.place = image.place;
  f.of = static_cast<std::int32_t>(index);
  f.set("manager", "image");
  sink.add(std::move(f));
}

}  // namespace

void Advisories::add(PackageAdvisories p) {
  auto& known = packages_[key_of(p.ecosystem, p.package)];
  for (Advisory& a : p.advisories) {
    bool twice = std::any_of(known.begin(), known.end(),
                             [&](const Advisory& k) { return share_a_name(k, a); });
    if (twice) continue;
    known.push_back(std::move(a));
    ++count_;
  }
  for (std::string& glob : p.images) images_.emplace_back(std::move(glob), p.package);
}

const std::vector<Advisory>* Advisories::of(std::string_view ecosystem,
                                            std::string_view package) const {
  auto at = packages_.find(key_of(ecosystem, package));
  return at == packages_.end() ? nullptr : &at->second;
}

std::string_view Advisories::product_of_image(std::string_view image) const {
  for (const auto& [glob, product] : images_)
    if (glob_matches(glob, image)) return product;
  return {};
}

bool affects(const Advisory& a, std::string_view version) {
  return std::any_of(a.ranges.begin(), a.ranges.end(),
                     [&](const Advisory::Range& r) { return holds(r, version); }) ||
         std::any_of(a.versions.begin(), a.versions.end(),
                     [&](const std::string& v) { return compare_versions(version, v) == 0; });
}

Admitted admitted_affected(const Advisory& a, const VersionSpecifier& specifier) {
  bool some = false;
  bool all = true;
  bool any = false;
  for (const Version& v : borders(a, specifier)) {
    if (!admits(specifier, v)) continue;
    any = true;
    bool affected = affects(a, shown(v));
    some = some || affected;
    all = all && affected;
  }
  return !any || !some ? Admitted::none : all ? Admitted::all : Admitted::some;
}

std::string lowest_fixed(const std::vector<Advisory>& known, std::string_view version) {
  std::string at(version);
  std::string after;  // `at` is whatever comes next after this one
  bool moved = true;
  for (int rounds = 0; moved && rounds < 64; ++rounds) {
    moved = false;
    for (const Advisory& a : known) {
      if (!affects(a, at)) continue;
      const Advisory::Range* in = nullptr;
      for (const Advisory::Range& r : a.ranges)
        if (holds(r, at)) in = &r;
      if (in != nullptr && in->fixed.empty() && in->last_affected.empty()) return {};
      bool fixed = in != nullptr && !in->fixed.empty();
      after = fixed ? std::string() : in != nullptr ? in->last_affected : at;
      at = fixed ? in->fixed : after + ".0.0.1";
      moved = true;
    }
  }
  if (!after.empty()) return "later than " + after;
  return at == version ? std::string() : at;
}

void add_vulnerability_facts(const Advisories& advisories, Sink& sink) {
  std::size_t count = sink.facts().size();
  for (std::size_t i = 0; i < count && sink.next(); ++i) {
    // A fact that is added may move the others.
    if (sink.facts()[i].kind == "dependency")
      of_dependency(advisories, i, sink);
    else if (sink.facts()[i].kind == "image")
      of_image(advisories, i, sink);
  }
}

}  // namespace parapet
