#include "engine/image_layers.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"

namespace parapet {
namespace {

struct Layer {
  std::string artifact;  // of the layer's file
  std::string image;     // of the manifest
  std::size_t number = 0, of = 0;
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

// The path of an artifact inside a layer: behind the layer's tar, which may lie in a compressed
// stream.
std::string_view inside(std::string_view artifact, const std::string& tar) {
  if (!artifact.starts_with(tar) || !artifact.substr(tar.size()).starts_with("!/")) return {};
  artifact.remove_prefix(tar.size() + 2);
  return artifact.substr(0, artifact.find("!/"));
}

// Does the whiteout `mark` ("app/.wh.x", "app/.wh..wh..opq") take `path` away?
bool takes_away(std::string_view mark, std::string_view path) {
  std::size_t slash = mark.rfind('/');
  std::string_view folder = slash == std::string_view::npos ? "" : mark.substr(0, slash + 1);
  std::string_view name = mark.substr(folder.size());
  if (!path.starts_with(folder)) return false;
  if (name == ".wh..wh..opq") return true;
  std::string_view rest = path.substr(folder.size());
  name.remove_prefix(4);
  return rest == name || (rest.starts_with(name) && rest.substr(name.size()).starts_with("/"));
}

}  // namespace

bool tells_of_layers(const Fact& f) {
  return f.kind == "image-index" || f.kind == "image-manifest" || f.kind == "image-config" ||
         f.kind == "whiteout";
}

void attribute_layers(std::span<const KeptFact> facts, std::vector<Finding>& findings,
                      std::vector<ScannedArtifact>& artifacts) {
  std::map<std::string, const Fact*> configs;                 // by artifact
  std::map<std::string, std::vector<std::string>> whiteouts;  // by the artifact of the tar
  for (const KeptFact& k : facts) {
    if (k.fact.kind == "image-config") configs.emplace(k.artifact, &k.fact);
    if (k.fact.kind == "whiteout") whiteouts[k.artifact].emplace_back(k.fact.get("path"));
  }
  std::map<std::string, std::vector<std::string>, std::less<>> kinds;
  for (const ScannedArtifact& a : artifacts) kinds.emplace(a.path, a.kinds);

  std::set<std::string> missing;
  auto say_missing = [&](const std::string& path, std::string why) {
    if (missing.insert(path).second)
      artifacts.push_back({path, {}, 0, {}, ScannedArtifact::Status::not_scanned, std::move(why)});
  };
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
    std::vector<Layer> layers;
    for (const Attribute& a : k.fact.attributes) {
      if (a.name == "foreign") foreign.insert(a.value);
      if (a.name == "layer") layers.push_back({top + a.value, k.artifact, 0, 0, ""});
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      layers[i].number = i + 1;
      layers[i].of = layers.size();
      if (steps.size() == layers.size()) layers[i].step = steps[i];
    }
    // The tar of each layer: the file itself, or what its compression holds.
    std::vector<std::string> tars;
    for (const Layer& l : layers) {
      auto row = kinds.find(l.artifact);
      if (row == kinds.end()) {
        bool elsewhere = foreign.contains(std::string_view(l.artifact).substr(top.size()));
        say_missing(l.artifact,
                    elsewhere ? "a layer that must be fetched from its vendor: not in the image"
                              : "a layer of the image " + k.artifact + " is missing");
        tars.emplace_back();
        continue;
      }
      bool is_tar = std::find(row->second.begin(), row->second.end(), "tar") != row->second.end();
      auto next = kinds.upper_bound(l.artifact + "!/");
      bool wraps = !is_tar && next != kinds.end() && next->first.starts_with(l.artifact + "!/");
      tars.push_back(wraps ? next->first : l.artifact);
    }
    for (Finding& f : findings) {
      for (std::size_t i = 0; i < layers.size(); ++i) {
        if (tars[i].empty() || !f.artifact.starts_with(layers[i].artifact)) continue;
        std::string_view path = inside(f.artifact, tars[i]);
        if (path.empty()) continue;
        std::string says =
            "layer " + std::to_string(layers[i].number) + " of " + std::to_string(layers[i].of);
        if (!layers[i].step.empty()) says += ": " + printable(layers[i].step, 160);
        f.origin.push_back(std::move(says));
        for (std::size_t later = i + 1; later < layers.size(); ++later) {
          auto marks = whiteouts.find(tars[later]);
          if (marks == whiteouts.end()) continue;
          bool gone = std::any_of(marks->second.begin(), marks->second.end(),
                                  [&](const std::string& m) { return takes_away(m, path); });
          if (!gone) continue;
          f.origin.push_back("layer " + std::to_string(later + 1) +
                             " deletes it, but every copy of the image still holds it");
          break;
        }
      }
    }
  }
}

}  // namespace parapet
