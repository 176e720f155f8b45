// Data and models that commands fetch: curl, wget and the tools' own fetchers.
#include "base/secret_names.h"
#include "base/text.h"
#include "dialects/common/service.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

// What a URL's last part says it is: not a page, not an API.
bool is_artifact(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  std::string ext = extension(url);
  for (std::string_view e :
       {"pt",      "pth",     "bin",    "ckpt",   "safetensors", "gguf", "onnx",    "h5",
        "keras",   "pkl",     "pickle", "joblib", "npy",         "npz",  "csv",     "tsv",
        "parquet", "jsonl",   "zip",    "tar",    "gz",          "tgz",  "bz2",     "xz",
        "zst",     "7z",      "pb",     "tflite", "mar",         "whl",  "feather", "arrow",
        "model",   "weights", "engine", "run",    "deb",         "so"})
    if (ext == e) return true;
  return contains(url, "/resolve/") && contains(url, "huggingface.co");
}

bool is_checked(const Sink& sink) {
  for (const Fact& f : sink.facts()) {
    if (f.kind != "process") continue;
    std::string_view p = f.get("program");
    if (p == "sha256sum" || p == "sha512sum" || p == "shasum" || p == "gpg" || p == "cosign" ||
        p == "b2sum")
      return true;
  }
  return false;
}

void understand(const Artifact&, Sink& sink) {
  bool checked = is_checked(sink);
  each_process(sink, {"curl", "wget", "aria2c"}, [&](std::int32_t i, const Fact& p) {
    if (p.has("piped_into") && (p.get("piped_into") == "sh" || p.get("piped_into") == "bash"))
      return;
    for (const Attribute& a : p.attributes) {
      bool candidate = a.name == "args" || a.name.starts_with("flags.");
      if (!candidate || !contains(a.value, "://") || !is_artifact(a.value)) continue;
      Fact f{"dataset", {}, p.place, without_secrets(p.get("line"), 160)};
      f.set("url", a.value, a.known)
          .set("scheme", a.value.substr(0, a.value.find("://")))
          .set("fetcher", p.get("program"));
      f.set("hash", checked || has_flag(p, {"checksum"}) ? "yes" : "no");
      if (has_flag(p, {"k", "insecure", "no-check-certificate"})) f.set("tls_verified", "no");
      f.of = i;
      sink.add(std::move(f));
    }
  });
}

}  // namespace

extern const Dialect downloads;
const Dialect downloads{"downloads", "Data and models that commands fetch", nullptr, understand};

}  // namespace parapet::dialects
