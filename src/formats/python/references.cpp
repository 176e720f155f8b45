// Data sets and models that a program fetches by name or address.
#include <algorithm>

#include "base/text.h"
#include "formats/python/facts.h"

namespace parapet::python {
namespace {

bool is_commit(std::string_view s) {
  return s.size() == 40 && std::all_of(s.begin(), s.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

bool is_local(std::string_view name) {
  return name.starts_with('/') || name.starts_with("./") || name.starts_with("../") ||
         name.starts_with('~') || name.starts_with("{}/") || name.starts_with('.') ||
         contains(name, "\\") || (std::count(name.begin(), name.end(), '/') > 1 && !is_url(name)) ||
         name.ends_with(".gguf") || name.ends_with(".pt") || name.ends_with(".bin") ||
         name.ends_with('/');
}

// The revision that is asked for, as `pinned` says it.
void set_pinned(Fact& f, const PyValue* revision, bool unpacks) {
  if (revision == nullptr || revision->type == PyValue::Type::none) {
    f.set("pinned", "none", !unpacks);
    return;
  }
  set_value(f, "revision", *revision);
  if (!revision->is_text())
    f.set("pinned", "tag", false);
  else if (is_commit(revision->text))
    f.set("pinned", "commit");
  else
    f.set("pinned", revision->text == "main" || revision->text == "master" ? "none" : "tag");
}

void set_remote_code(Fact& f, const PyCall& c) {
  const PyValue* v = c.keyword("trust_remote_code");
  if (v == nullptr) return;
  if (v->is_true())
    f.set("trust_remote_code", "yes");
  else if (!v->is_false())
    f.set("trust_remote_code", "yes", false);
}

constexpr std::string_view data_endings[] = {
    ".csv", ".tsv",   ".json",     ".jsonl", ".zip",         ".tar",    ".gz",  ".tgz",
    ".bz2", ".xz",    ".parquet",  ".pkl",   ".npy",         ".npz",    ".h5",  ".hdf5",
    ".txt", ".arrow", ".tfrecord", ".xlsx",  ".7z",          ".pickle", ".pt",  ".pth",
    ".bin", ".ckpt",  ".joblib",   ".onnx",  ".safetensors", ".gguf",   ".zst", ".keras"};

bool is_data_url(std::string_view url) {
  if (!is_url(url)) return false;
  std::string path = lower(url.substr(0, url.find_first_of("?#")));
  return std::any_of(std::begin(data_endings), std::end(data_endings),
                     [&](std::string_view e) { return path.ends_with(e); });
}

// A function that computes a digest checks what it fetched.
bool hashes(const PyCall& c, const Module& m) { return m.hashing.contains(c.within); }

void put_dataset(const PyCall& c, const Module& m, std::string_view url, std::string_view fetcher,
                 bool hash, const PyValue* revision = nullptr) {
  Fact f{"dataset", {}, m.place(c), m.says(c)};
  f.set("url", url.substr(0, 400)).set("scheme", is_url(url) ? scheme_of(url) : "hub");
  f.set("hash", hash ? "yes" : "no").set("fetcher", fetcher);
  if (revision != nullptr) set_value(f, "revision", *revision);
  if (const PyValue* v = c.keyword("verify"); v != nullptr && v->is_false()) f.set("verify", "no");
  set_remote_code(f, c);
  m.sink.add(std::move(f));
}

struct Fetcher {
  std::string_view name;
  std::size_t index;
  std::string_view keyword;
  std::string_view hash_keyword;  // an argument that makes it check
  bool any_url;                   // every address counts, not only those that end like data
};
constexpr Fetcher fetchers[] = {
    {"urllib.request.urlretrieve", 0, "url", "", true},
    {"urllib.urlretrieve", 0, "url", "", true},
    {"wget.download", 0, "url", "", true},
    {"requests.get", 0, "url", "", false},
    {"httpx.get", 0, "url", "", false},
    {"urllib.request.urlopen", 0, "url", "", false},
    {"requests.Session().get", 0, "url", "", false},
    {"httpx.Client().get", 0, "url", "", false},
    {"httpx.AsyncClient().get", 0, "url", "", false},
    {"httpx.stream", 1, "url", "", false},
    {"aiohttp.ClientSession().get", 0, "url", "", false},
    {"urllib3.PoolManager().request", 1, "url", "", false},
    {"urllib3.request", 1, "url", "", false},
    {"fsspec.open", 0, "urlpath", "", false},
    {"smart_open.open", 0, "uri", "", false},
    {"pandas.read_csv", 0, "filepath_or_buffer", "", true},
    {"pandas.read_parquet", 0, "path", "", true},
    {"pandas.read_json", 0, "path_or_buf", "", true},
    {"pandas.read_pickle", 0, "filepath_or_buffer", "", true},
    {"pandas.read_excel", 0, "io", "", true},
    {"pandas.read_table", 0, "filepath_or_buffer", "", true},
    {"polars.read_csv", 0, "source", "", true},
    {"polars.read_parquet", 0, "source", "", true},
    {"gdown.download", 0, "url", "hash", true},
    {"gdown.cached_download", 0, "url", "hash", true},
    {"tensorflow.keras.utils.get_file", 1, "origin", "file_hash", true},
    {"keras.utils.get_file", 1, "origin", "file_hash", true},
    {"pooch.retrieve", 0, "url", "known_hash", true},
    {"torch.hub.download_url_to_file", 0, "url", "hash_prefix", true},
    {"torch.hub.load_state_dict_from_url", 0, "url", "check_hash", true},
    {"torchvision.datasets.utils.download_url", 0, "url", "md5", true},
    {"torchvision.datasets.utils.download_and_extract_archive", 0, "url", "md5", true},
};

bool add_dataset(const PyCall& c, const Module& m) {
  for (const Fetcher& f : fetchers) {
    if (c.name != f.name) continue;
    const PyValue* v = c.argument(f.index, f.keyword);
    if (v == nullptr || v->type != PyValue::Type::text || !is_url(v->text)) return true;
    if (!f.any_url && !is_data_url(v->text)) return true;
    const PyValue* hash = f.hash_keyword.empty() ? nullptr : c.keyword(f.hash_keyword);
    if (hash == nullptr) hash = c.keyword("md5_hash");  // of get_file, the older name
    bool checked = hash != nullptr && hash->type != PyValue::Type::none && !hash->is_false();
    put_dataset(c, m, v->text, c.name, checked || hashes(c, m));
    return true;
  }
  if (c.name == "datasets.load_dataset") {
    const PyValue* files = c.keyword("data_files");
    if (files != nullptr && files->type == PyValue::Type::text && is_url(files->text)) {
      put_dataset(c, m, files->text, "load_dataset", hashes(c, m));
      return true;
    }
    const PyValue* name = c.argument(0, "path");
    if (name == nullptr || !name->is_text() || is_local(name->text) || files != nullptr)
      return true;
    const PyValue* revision = c.keyword("revision");
    put_dataset(c, m, name->text, "load_dataset", revision != nullptr && is_commit(revision->text),
                revision);
    return true;
  }
  if (c.name == "kagglehub.dataset_download" ||
      c.name.ends_with("KaggleApi().dataset_download_files")) {
    const PyValue* name = c.positional(0);
    if (name != nullptr && name->is_text()) put_dataset(c, m, name->text, "kaggle", false);
    return true;
  }
  return false;
}

std::string_view root_of(std::string_view dotted) { return dotted.substr(0, dotted.find('.')); }

struct Loader {
  std::string_view name;
  std::size_t index;
  std::string_view keyword;
};
constexpr Loader loaders[] = {
    {"huggingface_hub.hf_hub_download", 0, "repo_id"},
    {"huggingface_hub.snapshot_download", 0, "repo_id"},
    {"huggingface_hub.cached_download", 0, "url"},
    {"transformers.pipeline", 1, "model"},
    {"transformers.pipelines.pipeline", 1, "model"},
    {"sentence_transformers.SentenceTransformer", 0, "model_name_or_path"},
    {"sentence_transformers.CrossEncoder", 0, "model_name"},
    {"vllm.LLM", 0, "model"},
    {"vllm.EngineArgs", 0, "model"},
    {"vllm.AsyncEngineArgs", 0, "model"},
    {"sglang.Engine", 0, "model_path"},
    {"transformers.dynamic_module_utils.get_class_from_dynamic_module", 1,
     "pretrained_model_name_or_path"},
    {"torch.hub.load", 0, "repo_or_dir"},
    {"ctranslate2.Translator", 0, "model_path"},
    {"faster_whisper.WhisperModel", 0, "model_size_or_path"},
    {"smolagents.load_tool", 0, "repo_id"},
    {"transformers.load_tool", 0, "task_or_repo_id"},
    {"evaluate.load", 0, "path"},
    {"peft.PeftModel.from_pretrained", 1, "model_id"},
    {"peft.PeftModelForCausalLM.from_pretrained", 1, "model_id"},
    {"llama_cpp.Llama.from_pretrained", 0, "repo_id"},
    {"tensorflow_hub.load", 0, "handle"},
    {"tensorflow_hub.KerasLayer", 0, "handle"},
    {"open_clip.create_model_and_transforms", 0, "model_name"},
    {"mlx_lm.load", 0, "path_or_hf_repo"},
    {"flair.models.SequenceTagger.load", 0, "model_path"},
    {"FlagEmbedding.FlagModel", 0, "model_name_or_path"},
    {"lmdeploy.pipeline", 0, "model_path"},
    {"autoawq.AutoAWQForCausalLM.from_quantized", 0, "model_path"},
};

// models:/fraud/3 names one version for ever; models:/fraud/latest, /Production and @alias do not.
void set_registry_pin(Fact& f, std::string_view uri) {
  std::string_view last = uri.substr(uri.rfind('/') + 1);
  bool version = uri.starts_with("models:/") && to_integer(last).has_value();
  bool run = uri.starts_with("runs:/");
  if (version) f.set("revision", last);
  f.set("pinned", version || run ? "commit" : "none");
}

bool add_model(const PyCall& c, const Module& m) {
  std::string_view root = root_of(c.name);
  Fact f{"model-reference", {}, m.place(c), m.says(c)};
  std::string_view short_name = std::string_view(c.name).substr(c.name.rfind('.') + 1);
  if (root == "mlflow" && short_name == "load_model") {
    const PyValue* v = c.argument(0, "model_uri");
    if (v == nullptr || v->type != PyValue::Type::text) return false;
    if (!v->text.starts_with("models:/") && !v->text.starts_with("runs:/")) return false;
    set_value(f, "name", *v);
    if (v->known) set_registry_pin(f, v->text);
    f.set("loader", c.name);
    m.sink.add(std::move(f));
    return true;
  }
  const PyValue* name = nullptr;
  bool loads = false;
  if (short_name == "from_pretrained" && c.rooted) {
    name = c.argument(0, "pretrained_model_name_or_path");
    for (std::string_view keyword : {"model_name", "model_path_or_repo_id", "repo_id", "model_id"})
      if (name == nullptr) name = c.keyword(keyword);
    loads = true;
  }
  for (const Loader& l : loaders)
    if (c.rooted && c.name == l.name) {
      name = c.argument(l.index, l.keyword);
      loads = true;
    }
  if (!loads) return false;
  if (name == nullptr) return true;
  // A pipeline given a loaded model, a variable that may be a folder: no reference that can be
  // pinned.
  if (name->type == PyValue::Type::text && is_local(name->text)) {
    set_remote_code(f, c);
    if (!f.has("trust_remote_code")) return true;
  }
  if (name->type != PyValue::Type::text && short_name == "pipeline") return true;
  set_value(f, "name", *name);
  const PyValue* revision = c.keyword("revision");
  std::string in_name;
  PyValue from_name;
  if (short_name == "load" && root == "torch" && name->is_text()) {
    // "pytorch/vision:v0.10.0"
    auto colon = name->text.find(':');
    if (colon != std::string::npos && !is_url(name->text)) {
      from_name.type = PyValue::Type::text;
      from_name.known = true;
      from_name.text = name->text.substr(colon + 1);
      revision = &from_name;
    }
  }
  set_pinned(f, revision, c.unpacks());
  f.set("loader", c.name);
  if (!f.has("trust_remote_code")) set_remote_code(f, c);
  if (const PyValue* v = c.keyword("trust_repo"); v != nullptr && v->is_true())
    f.set("trust_repo", "yes");
  if (const PyValue* v = c.keyword("use_safetensors"); v != nullptr && v->is_false())
    f.set("safetensors", "no");
  if (const PyValue* v = c.keyword("custom_pipeline"); v != nullptr && v->is_text())
    f.set("custom_pipeline", v->text);
  m.sink.add(std::move(f));
  return true;
}

}  // namespace

void add_references(const PyCall& call, const Module& module) {
  if (!call.rooted || call.name.empty()) return;
  if (!add_dataset(call, module)) add_model(call, module);
}

}  // namespace parapet::python
