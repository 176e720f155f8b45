// Images as registries and `docker save` write them: which layers an image has, what made each, and
// what its containers run. OCI image-spec (manifest.md, config.md, image-layout.md), Docker Image
// Manifest V2 Schema 2, Docker Image Specification v1.2.
#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"
#include "model/commands.h"

namespace parapet::dialects {
namespace {

// "sha256:abc" lies at "blobs/sha256/abc" of the layout.
std::string path_of(std::string_view digest) {
  auto [algorithm, hex, found] = split_once(digest, ":");
  return found ? "blobs/" + std::string(algorithm) + "/" + std::string(hex) : std::string(digest);
}

bool has_digest(const Node* descriptor) {
  return descriptor != nullptr && contains(descriptor->text_at("digest"), ":");
}

class Reader {
 public:
  Reader(const Artifact& a, Sink& sink) : source_(a), sink_(sink) {}

  void read(const Node& root) {
    if (root.is_list()) {
      for (const Node& image : root.items)
        if (sink_.next() && image.at("Layers") != nullptr && image.at("Config") != nullptr)
          saved(image);
      return;
    }
    const Node* manifests = root.at("manifests");
    if (manifests != nullptr && manifests->is_list()) index(*manifests);
    const Node* layers = root.at("layers");
    if (layers != nullptr && layers->is_list() && has_digest(root.at("config")))
      manifest(root, *layers);
    const Node* diffs = root.find("rootfs.diff_ids");
    if (diffs != nullptr && diffs->is_list()) config(root);
  }

 private:
  // One image of manifest.json: "Config": "abc.json", "Layers": ["abc/layer.tar", …]
  void saved(const Node& image) {
    Fact f{"image-manifest", {}, image.place(), "an image of " + layers_of(image.at("Layers"))};
    f.set("config", image.text_at("Config"));
    set_list(f, "layer", image.at("Layers"));
    sink_.add(std::move(f));
  }

  // One image for each platform.
  void index(const Node& manifests) {
    Fact f{"image-index", {}, manifests.place(), "an index of images"};
    for (const Node& m : manifests.items)
      if (has_digest(&m)) f.set("manifest", path_of(m.text_at("digest")));
    if (f.has("manifest")) sink_.add(std::move(f));
  }

  void manifest(const Node& root, const Node& layers) {
    Fact f{"image-manifest", {}, root.place(), "an image of " + layers_of(&layers)};
    f.set("config", path_of(root.text_at("config.digest")));
    for (const Node& layer : layers.items) {
      std::string path = path_of(layer.text_at("digest"));
      f.set("layer", path);
      // Layers that registries may not hand on: not part of the archive.
      std::string_view type = layer.text_at("mediaType");
      if (contains(type, "foreign") || contains(type, "nondistributable")) f.set("foreign", path);
    }
    sink_.add(std::move(f));
  }

  static std::string layers_of(const Node* layers) {
    return std::to_string(layers->items.size()) + " layers";
  }

  void config(const Node& root) {
    Fact image{"image-config", {}, root.place(), "the configuration of an image"};
    if (const Node* history = root.at("history"))
      for (const Node& step : history->items)
        if (step.text_at("empty_layer") != "true") image.set("step", step.text_at("created_by"));
    sink_.add(std::move(image));

    const Node* c = root.at("config");
    if (c == nullptr) c = root.at("container_config");
    Fact f{
        "container", {}, c != nullptr ? c->place() : root.place(), "the containers of this image"};
    f.set("via", "image");
    std::vector<Assignment> given;
    if (c != nullptr) {
      std::string_view user = c->text_at("User");
      if (!user.empty()) f.set("user", user.substr(0, user.find(':')));
      for (const Node* variable : scalars(c->at("Env"))) {
        auto [name, value, found] = split_once(variable->text, "=");
        set_env(f, name, value, found);
        Word w;
        w.text = std::string(value);
        w.known = found;
        given.push_back({std::string(name), std::move(w)});
      }
      if (const Node* ports = c->at("ExposedPorts"))
        for (const Node& port : ports->keys)
          f.set("expose", port.text.substr(0, port.text.find('/')));
    }
    std::int32_t container = sink_.add(std::move(f));
    if (const Node* history = root.at("history"))
      for (const Node& step : history->items)
        if (const Node* made = step.at("created_by")) history_step(*made, container);
    if (c == nullptr) return;
    ContainerCommand command;
    command.via = "image";
    command.of = container;
    command.given = std::move(given);
    command.place = c->place();
    for (const Node* word : scalars(c->at("Entrypoint"))) command.prefix.push_back(word_of(*word));
    command.node = c->at("Cmd");
    if (command.node != nullptr && !command.node->is_list()) command.node = nullptr;
    if (command.node != nullptr || !command.prefix.empty()) add_command(sink_, source_, command);
  }

  // "/bin/sh -c pip install x", "RUN |1 TOKEN=abc /bin/sh -c make # buildkit", "ENV A=b". The
  // values of build arguments stand before the command.
  void history_step(const Node& made, std::int32_t container) {
    std::string_view text = trim(made.text);
    if (text.starts_with("RUN ")) text = trim(text.substr(4));
    bool runs = false;
    if (text.starts_with("|")) {
      std::size_t shell = text.find(" /bin/");
      std::string_view given = text.substr(0, shell);
      for (std::string_view word : split(given, ' ')) {
        auto [name, value, found] = split_once(word, "=");
        if (found && is_literal_secret(name, value, true))
          sink_.fact(container).set("env_secret", name);
      }
      text = shell == std::string_view::npos ? std::string_view() : text.substr(shell + 1);
    }
    for (std::string_view shell : {"/bin/sh -c ", "/bin/bash -c ", "/bin/bash -o pipefail -c "})
      if (text.starts_with(shell)) {
        text = trim(text.substr(shell.size()));
        runs = !text.starts_with("#(nop)");
      }
    if (text.ends_with("# buildkit")) text = trim(text.substr(0, text.size() - 10));
    if (!runs || text.empty()) return;
    CommandText commands;
    commands.text = text;
    commands.via = "dockerfile";
    commands.of = container;
    Place place = made.place();
    commands.place = [place](std::size_t, std::size_t) { return place; };
    add_processes(sink_, commands);
  }

  Source source_;
  Sink& sink_;
};

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents)
    if (d.syntax == "json") Reader(a, sink).read(d.root);
}

}  // namespace

extern const Dialect container_image;
const Dialect container_image{"container_image", "Container images: layers, steps, configuration",
                              read, nullptr};

}  // namespace parapet::dialects
