// Servers of language models: vLLM, SGLang, TGI, llama.cpp, Ollama, LiteLLM, TensorFlow Serving.
#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/common/service.h"
#include "dialects/common/settings.h"
#include "dialects/dialect.h"

namespace parapet::dialects {
namespace {

// A LiteLLM proxy configuration: https://docs.litellm.ai/docs/proxy/configs
void read(const Artifact&, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents) {
    if (!d.root.is_map()) continue;
    const Node* models = d.root.at("model_list");
    const Node* general = d.root.at("general_settings");
    bool own = models != nullptr && models->is_list() && !models->items.empty() &&
               models->items[0].at("litellm_params") != nullptr;
    if (!own) continue;
    sink.is("litellm");
    add_settings(d.root, "litellm", "", sink);
    if (general == nullptr || !general->is_map()) continue;
    const Node* key = general->at("master_key");
    if (key == nullptr || !key->is_scalar() || key->text.starts_with("os.environ")) continue;
    Fact f{"identity", {}, key->place(), "LiteLLM's master key stands in its configuration"};
    f.set("product", "litellm")
        .set("role", "admin")
        .set("secret", key->text == "sk-1234"      ? "default"
                       : is_placeholder(key->text) ? "empty"
                                                   : "literal");
    sink.add(std::move(f));
  }
}

void add_model(Sink& sink, std::int32_t i, const Fact& p, const Attribute* name,
               std::string_view loader) {
  if (name == nullptr || name->value.empty()) return;
  Fact f{"model-reference",
         {},
         p.place,
         std::string(loader) + " serves " + printable(name->value, 120)};
  f.set("name", name->value, name->known).set("loader", loader);
  const Attribute* revision = p.find("flags.revision");
  if (revision != nullptr) f.set("revision", revision->value, revision->known);
  bool commit = revision != nullptr && revision->value.size() == 40;
  f.set("pinned", commit ? "commit" : revision != nullptr ? "tag" : "none");
  if (p.get("flags.trust-remote-code") == "true") f.set("trust_remote_code", "yes");
  f.of = i;
  sink.add(std::move(f));
}

void see_vllm(Sink& sink, std::int32_t i, const Fact& p) {
  if (p.get("subcommand") != "serve") return;
  const Attribute* model = p.find("flags.model");
  if (model == nullptr) model = p.find("args");
  Serving s{"vllm",
            pick(p, {"host"}, {}, "0.0.0.0"),
            pick(p, {"port"}, {}, "8000"),
            auth_unless(sink, p, {"api-key"}, {"VLLM_API_KEY"}, "token"),
            {},
            {}};
  if (has_flag(p, {"ssl-keyfile"})) s.controls.emplace_back("tls");
  add_service(sink, i, s);
  add_model(sink, i, p, model, "vllm");
}

void see_ollama(Sink& sink, std::int32_t i, const Fact& p) {
  if (p.get("subcommand") != "serve") return;
  std::string image(p.of >= 0 ? sink.fact(p.of).get("image") : std::string_view());
  const Attribute* host = variable(sink, p, "OLLAMA_HOST");
  Setting address{contains(image, "ollama/ollama") ? "0.0.0.0" : "127.0.0.1", true, false};
  Setting port{"11434", true, false};
  if (host != nullptr) {
    std::string_view v = host->value;
    if (auto scheme = v.find("://"); scheme != std::string_view::npos) v.remove_prefix(scheme + 3);
    auto colon = v.rfind(':');
    bool has_port = colon != std::string_view::npos && !v.ends_with(']');
    address = {std::string(has_port ? v.substr(0, colon) : v), host->known, true};
    if (address.value.empty()) address.value = "0.0.0.0";
    if (has_port) port = {std::string(v.substr(colon + 1)), host->known, true};
  }
  add_service(sink, i, {"ollama", address, port, "none", {}, {}});
}

void understand(const Artifact&, Sink& sink) {
  each_process(
      sink,
      {"vllm", "ollama", "sglang", "text-generation-launcher", "text-generation-server",
       "llama-server", "llamacpp-server", "litellm", "tensorflow_model_server", "lmdeploy",
       "rpc-server", "xinference", "xinference-local"},
      [&](std::int32_t i, const Fact& p) {
        std::string_view program = p.get("program");
        if (program == "vllm") see_vllm(sink, i, p);
        if (program == "ollama") see_ollama(sink, i, p);
        if (program == "sglang" &&
            (p.get("subcommand") == "launch_server" || p.get("subcommand") == "serve")) {
          add_service(sink, i,
                      {"sglang",
                       pick(p, {"host"}, {}, "127.0.0.1"),
                       pick(p, {"port"}, {}, "30000"),
                       auth_unless(sink, p, {"api-key"}, {}, "token"),
                       {},
                       {}});
          add_model(sink, i, p, p.find("flags.model-path"), "sglang");
        }
        if (program == "text-generation-launcher") {
          bool image =
              p.of >= 0 && contains(sink.fact(p.of).get("image"), "text-generation-inference");
          add_service(sink, i,
                      {"tgi",
                       pick(p, {"hostname"}, {"HOSTNAME"}, "0.0.0.0"),
                       pick(p, {"port", "p"}, {"PORT"}, image ? "80" : "3000"),
                       auth_unless(sink, p, {"api-key"}, {"API_KEY"}, "token"),
                       {},
                       {}});
          add_model(sink, i, p, p.find("flags.model-id"), "tgi");
        }
        if (program == "llama-server") {
          bool image = p.of >= 0 && contains(sink.fact(p.of).get("image"), "llama.cpp");
          add_service(
              sink, i,
              {"llama.cpp",
               pick(p, {"host"}, {"LLAMA_ARG_HOST"}, image ? "0.0.0.0" : "127.0.0.1"),
               pick(p, {"port"}, {"LLAMA_ARG_PORT"}, "8080"),
               auth_unless(sink, p, {"api-key", "api-key-file"}, {"LLAMA_API_KEY"}, "token"),
               {},
               {}});
        }
        if (program == "rpc-server")
          add_service(sink, i,
                      {"llama.cpp-rpc",
                       pick(p, {"host", "H"}, {}, "127.0.0.1"),
                       pick(p, {"port", "p"}, {}, "50052"),
                       "none",
                       {},
                       {}});
        if (program == "litellm") {
          std::string auth = auth_unless(sink, p, {}, {"LITELLM_MASTER_KEY"}, "token");
          if (auth == "none" && has_flag(p, {"config", "c"}))
            auth.clear();  // the file may set a master key
          add_service(sink, i,
                      {"litellm",
                       pick(p, {"host"}, {"HOST"}, "0.0.0.0"),
                       pick(p, {"port"}, {"PORT"}, "4000"),
                       auth,
                       {},
                       {}});
        }
        if (program == "tensorflow_model_server")
          add_service(sink, i,
                      {"tensorflow-serving",
                       {"0.0.0.0", true, false},
                       pick(p, {"rest_api_port"}, {}, "8501"),
                       is_complete(sink, p) ? "none" : "",
                       {},
                       {}});
        if (program == "lmdeploy" && p.get("subcommand") == "serve")
          add_service(sink, i,
                      {"lmdeploy",
                       pick(p, {"server-name"}, {}, "0.0.0.0"),
                       pick(p, {"server-port"}, {}, "23333"),
                       auth_unless(sink, p, {"api-keys"}, {}, "token"),
                       {},
                       {}});
        if (program == "xinference-local" || program == "xinference")
          add_service(sink, i,
                      {"xinference",
                       pick(p, {"host", "H"}, {}, "127.0.0.1"),
                       pick(p, {"port", "p"}, {}, "9997"),
                       "",
                       {},
                       {}});
      });
}

}  // namespace

extern const Dialect llm_servers;
const Dialect llm_servers{"llm_servers", "Servers of language models and their gateways", read,
                          understand};

}  // namespace parapet::dialects
