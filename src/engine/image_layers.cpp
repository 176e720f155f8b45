#include "engine/image_layers.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"

namespace parapet {
namespace {

constexpr std::size_t most_layers = 1000;  // runtimes take 127

struct Layer {
  std::string tar;   // the layer's file, or what its compression holds; empty: missing
  std::string step;  // what made it; empty when the configuration does not say
};

// "a/image.tar!/blobs/sha256/x" and "blobs/sha256/x" -> "a/image.tar!/": where paths of a manifest
// start. A manifest that is itself a blob lies three folders below that.
std::string top_of(const std::string& manifest) {
  for (std::string_view folder : {"blobs/sha256/", "blobs/sha512/"})
    if (std::size_t at = manifest.rfind(folder); at != std::string::npos)
      return manifest.substr(0, at);
  std::size_t slash = manifest.rfind('/');
  return slash == std::string::npos ? "" : manifest.substr(0, slash + 1);
}

// Is `path` taken away by a layer with these whiteouts: "app/.wh.x" takes app/x and all below it,
// "app/.wh..wh..opq" all below app? Asks for each part of the path, so that many marks cost little.
bool takes_away(const std::set<std::string, std::less<>>& marks, std::string_view path) {
  for (std::size_t at = 0;;) {
    std::string folder(path.substr(0, at));
    std::size_t slash = path.find('/', at);
    std::string part(path.substr(at, slash == std::string_view::npos ? slash : slash - at));
    if (marks.contains(folder + ".wh..wh..opq") || marks.contains(folder + ".wh." + part))
      return true;
    if (slash == std::string_view::npos) return false;
    at = slash + 1;
  }
}

struct Image {
  std::vector<Layer> layers;  // from the bottom up
};
// Where the tar of a layer stands: images may share layers.
using ByTar = std::map<std::string, std::vector<std::pair<const Image*, std::size_t>>, std::less<>>;
constexpr std::size_t images_told = 3;  // of those that share a layer

using Whiteouts = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;

void tell(Finding& f, const ByTar& by_tar, const Whiteouts& whiteouts) {
  std::string_view artifact = f.artifact;
  for (std::size_t mark = artifact.find("!/"); mark != std::string_view::npos;
       mark = artifact.find("!/", mark + 2)) {
    auto tar = by_tar.find(artifact.substr(0, mark));
    if (tar == by_tar.end()) continue;
    std::string_view path = artifact.substr(mark + 2);
    path = path.substr(0, path.find("!/"));
    for (std::size_t i = 0; i < std::min(images_told, tar->second.size()); ++i) {
      auto [image, at] = tar->second[i];
      const auto& layers = image->layers;
      std::string says = "layer " + std::to_string(at + 1) + " of " + std::to_string(layers.size());
      if (!layers[at].step.empty()) says += ": " + printable(layers[at].step, 160);
      f.origin.push_back(std::move(says));
      for (std::size_t later = at + 1; later < layers.size(); ++later) {
        auto marks = whiteouts.find(layers[later].tar);
        if (marks == whiteouts.end() || !takes_away(marks->second, path)) continue;
        f.origin.push_back("layer " + std::to_string(later + 1) +
                           " deletes it, but every copy of the image still holds it");
        break;
      }
    }
    return;
  }
}

}  // namespace

bool tells_of_layers(const Fact& f) {
  return f.kind == "image-index" || f.kind == "image-manifest" || f.kind == "image-config" ||
         f.kind == "whiteout";
}

void attribute_layers(std::span<const KeptFact> facts, std::vector<Finding>& findings,
                      std::vector<ScannedArtifact>& artifacts) {
  std::map<std::string, const Fact*> configs;  // by artifact
  Whiteouts whiteouts;                         // by the artifact of the tar
  for (const KeptFact& k : facts) {
    if (k.fact.kind == "image-config") configs.emplace(k.artifact, &k.fact);
    if (k.fact.kind == "whiteout") whiteouts[k.artifact].emplace(k.fact.get("path"));
  }
  std::map<std::string, std::vector<std::string>, std::less<>> kinds;
  for (const ScannedArtifact& a : artifacts) kinds.emplace(a.path, a.kinds);

  std::set<std::string> missing;
  auto say_missing = [&](const std::string& path, std::string why) {
    if (missing.insert(path).second)
      artifacts.push_back({path, {}, 0, {}, ScannedArtifact::Status::not_scanned, std::move(why)});
  };
  // The tar of a layer's file: the file itself, or what its compression holds.
  auto tar_of = [&](const std::string& file) -> std::string {
    auto row = kinds.find(file);
    if (row == kinds.end()) return {};
    bool is_tar = std::find(row->second.begin(), row->second.end(), "tar") != row->second.end();
    auto next = kinds.lower_bound(file + "!/");
    bool wraps = !is_tar && next != kinds.end() && next->first.starts_with(file + "!/");
    return wraps ? next->first : file;
  };
  std::deque<Image> images;  // by_tar points into it
  ByTar by_tar;
  for (const KeptFact& k : facts) {
    std::string top = top_of(k.artifact);
    if (k.fact.kind == "image-index")
      for (const Attribute& a : k.fact.attributes)
        if (!kinds.contains(top + a.value))
          say_missing(top + a.value, "an image that " + k.artifact + " lists is missing");
    if (k.fact.kind != "image-manifest") continue;
    std::vector<std::string> steps;
    if (auto config = configs.find(top + std::string(k.fact.get("config")));
        config != configs.end())
      for (const Attribute& a : config->second->attributes)
        if (a.name == "step") steps.push_back(a.value);
    std::set<std::string_view> foreign;
    std::vector<std::string> paths;
    for (const Attribute& a : k.fact.attributes) {
      if (a.name == "foreign") foreign.insert(a.value);
      if (a.name == "layer") paths.push_back(a.value);
    }
    if (paths.size() > most_layers) {
      say_missing(k.artifact + " (from layer 1,001 on)", "an image of more than 1,000 layers");
      paths.resize(most_layers);
    }
    Image& image = images.emplace_back();
    for (std::size_t i = 0; i < paths.size(); ++i) {
      std::string file = top + paths[i];
      image.layers.push_back({tar_of(file), steps.size() == paths.size() ? steps[i] : ""});
      const std::string& tar = image.layers.back().tar;
      if (!tar.empty())
        by_tar[tar].emplace_back(&image, i);
      else
        say_missing(file, foreign.contains(paths[i])
                              ? "a layer that must be fetched from its vendor: not in the image"
                              : "a layer of the image " + k.artifact + " is missing");
    }
  }
  if (by_tar.empty()) return;
  for (Finding& f : findings) tell(f, by_tar, whiteouts);
}

}  // namespace parapet
