// DVC: remotes and credentials in .dvc/config, stages in dvc.yaml, tracked data in *.dvc.
// https://dvc.org/doc/user-guide/project-structure
#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

std::string_view type_of(std::string_view url) {
  if (url.starts_with("s3://")) return "s3";
  if (url.starts_with("gs://") || url.starts_with("gdrive://")) return "gcs";
  return "dvc";
}

void read_config(const Node& root, Sink& sink) {
  sink.is("dvc");
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    const Node& section = root.items[i];
    if (!section.is_map()) continue;
    std::string_view title = root.keys[i].text;
    if (!title.starts_with("remote")) {
      add_settings(section, "dvc", title, sink);
      continue;
    }
    std::string_view name = trim(title.substr(6));
    if (name.size() >= 2 && (name.front() == '"' || name.front() == '\''))
      name = name.substr(1, name.size() - 2);
    std::string_view url = section.text_at("url");
    Fact f{"storage",
           {},
           section.place(),
           "DVC remote " + printable(name, 60) + " at " + without_secrets(url, 120)};
    f.set("type", type_of(url)).set("name", name).set("url", url, is_known(url));
    std::string_view endpoint = section.text_at("endpointurl");
    if (!endpoint.empty()) f.set("endpoint", endpoint);
    bool tls = !url.starts_with("http://") && !endpoint.starts_with("http://") &&
               section.text_at("use_ssl") != "false" && section.text_at("ssl_verify") != "false";
    sink.add(f.set("tls", tls ? "yes" : "no"));
    add_settings(section, "dvc", "remote", sink);
  }
}

void read_stages(const Artifact& a, const Node& stages, Sink& sink) {
  sink.is("dvc");
  Source source(a);
  for (std::size_t i = 0; i < stages.keys.size() && sink.next(); ++i) {
    const Node* stage = &stages.items[i];
    if (const Node* each = stage->at("do")) stage = each;
    for (const Node* cmd : scalars(stage->at("cmd"))) {
      ContainerCommand c;
      c.node = cmd;
      c.via = "dvc";
      add_command(sink, source, c);
    }
    for (const Node* dep : scalars(stage->at("deps"))) {
      if (!contains(dep->text, "://")) continue;
      Fact f{"dataset",
             {},
             dep->place(),
             "stage " + printable(stages.keys[i].text, 60) + " reads " + printable(dep->text, 120)};
      f.set("url", dep->text, is_known(dep->text))
          .set("scheme", dep->text.substr(0, dep->text.find("://")))
          .set("fetcher", "dvc");
      sink.add(f.set("hash", "no"));
    }
  }
}

void read_tracked(const Node& root, Sink& sink) {
  const Node* outs = root.at("outs");
  if (outs == nullptr || !outs->is_list()) return;
  sink.is("dvc");
  for (const Node& o : outs->items) {
    bool hash = o.at("md5") != nullptr || o.at("hash") != nullptr || o.at("etag") != nullptr;
    std::string_view url = o.text_at("path");
    const Node* deps = root.at("deps");
    if (deps != nullptr && deps->is_list() && !deps->items.empty() &&
        contains(deps->items[0].text_at("path"), "://"))
      url = deps->items[0].text_at("path");
    Fact f{"dataset", {}, o.place(), "DVC tracks " + printable(url, 120)};
    f.set("url", url).set("fetcher", "dvc").set("hash", hash ? "yes" : "no");
    if (contains(url, "://")) f.set("scheme", url.substr(0, url.find("://")));
    sink.add(std::move(f));
  }
}

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (!d.root.is_map()) continue;
    if (d.syntax == "ini") {
      bool remote = false;
      for (const Node& k : d.root.keys) remote = remote || k.text.starts_with("remote \"");
      // git's remotes look the same but hold "fetch".
      bool git = d.root.at("core") != nullptr &&
                 d.root.at("core")->at("repositoryformatversion") != nullptr;
      if (!git && (remote || contains(a.name, ".dvc/config"))) read_config(d.root, sink);
    }
    if (d.syntax != "yaml") continue;
    const Node* stages = d.root.at("stages");
    if (stages != nullptr && stages->is_map() && file_name(a.name) == "dvc.yaml")
      read_stages(a, *stages, sink);
    if (file_name(a.name).ends_with(".dvc")) read_tracked(d.root, sink);
  }
}

}  // namespace

extern const Dialect dvc;
const Dialect dvc{"dvc", "DVC remotes, stages and tracked data", read, nullptr};

}  // namespace parapet::dialects
