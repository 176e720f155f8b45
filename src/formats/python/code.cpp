// Shapes of attack code, and TorchScript's own operators.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "formats/python/facts.h"

namespace parapet::python {
namespace {

void put_code(const PyCall& c, const Module& m, std::string_view what) {
  Fact f{"code", {}, m.place(c), m.says(c)};
  f.set("what", what).set("text", m.says(c));
  m.sink.add(std::move(f));
}

// Hosts that take anything from anybody, beside those that match/indicators.cpp knows in any text.
constexpr std::string_view drop_hosts[] = {"transfer.sh/",   "pastebin.com/raw", "ngrok.io",
                                           "ngrok-free.app", "hookb.in",         "canarytokens.com",
                                           "dnslog.",        "//file.io/"};
// Messages to people: honest in most programs, and a way out for what is stolen.
constexpr std::string_view chat_hooks[] = {"discord.com/api/webhooks",
                                           "discordapp.com/api/webhooks", "api.telegram.org/bot"};

std::string_view drop_host(std::string_view url) {
  if (!is_url(url)) return "";
  std::string text = lower(url);
  auto in_text = [&](std::string_view h) { return contains(text, h); };
  if (std::any_of(std::begin(drop_hosts), std::end(drop_hosts), in_text)) return "drop-host";
  if (std::any_of(std::begin(chat_hooks), std::end(chat_hooks), in_text)) return "chat-hook";
  return "";
}

bool is_miner(std::string_view text) {
  return contains(text, "stratum+tcp://") || contains(text, "stratum+ssl://") ||
         contains(text, "xmrig");
}

bool is_reverse_shell(std::string_view text) {
  return contains(text, "/dev/tcp/") || contains(text, "nc -e") || contains(text, "ncat -e") ||
         (contains(text, "mkfifo") && contains(text, "nc ")) ||
         (contains(text, "socket") && contains(text, "dup2") && contains(text, "connect"));
}

template <class F>
void each_text(const PyValue& v, const F& f) {
  if (v.type == PyValue::Type::text) f(v.text);
  for (const PyValue& item : v.items)
    if (item.type == PyValue::Type::text) f(item.text);
}

bool is_web_client(std::string_view name) {
  for (std::string_view root :
       {"requests.", "httpx.", "urllib3.", "aiohttp.", "boto3.", "botocore.", "hvac.", "minio.",
        "elasticsearch.", "opensearchpy.", "tornado.", "websockets.", "pymilvus.", "mlflow."})
    if (name.starts_with(root)) return true;
  return false;
}

bool is_false(const PyCall& c, std::string_view keyword) {
  const PyValue* v = c.keyword(keyword);
  return v != nullptr && v->is_false();
}

bool is_near(std::string_view address) {
  return address.starts_with("localhost") || address.starts_with("127.") ||
         address.starts_with("[::1]") || address.starts_with("unix:") ||
         contains(address, "//localhost") || contains(address, "//127.");
}

// Certificates or keys of the other side that are not compared, and connections in clear text.
std::string_view connection_of(const PyCall& c) {
  if (c.name == "ssl._create_unverified_context") return "tls-off";
  if (is_web_client(c.name)) {
    for (std::string_view k :
         {"verify", "verify_ssl", "verify_certs", "ssl_verify", "validate_cert"})
      if (is_false(c, k)) return "tls-off";
    if (c.name.starts_with("aiohttp.") && is_false(c, "ssl")) return "tls-off";
    if (const PyValue* v = c.keyword("cert_reqs");
        v != nullptr && (v->text == "CERT_NONE" || v->text == "ssl.CERT_NONE"))
      return "tls-off";
  }
  if (c.name.starts_with("ssl.") && c.name.ends_with(".wrap_socket"))
    if (const PyValue* v = c.keyword("cert_reqs"); v != nullptr && v->text == "ssl.CERT_NONE")
      return "tls-off";
  if (c.name.ends_with(".set_missing_host_key_policy") && c.name.starts_with("paramiko."))
    if (const PyValue* v = c.positional(0);
        v != nullptr && (contains(v->text, "AutoAddPolicy") || contains(v->text, "WarningPolicy")))
      return "host-key-unchecked";
  const PyValue* to = c.argument(0, "endpoint_url");
  if (c.name.starts_with("boto3.")) to = c.keyword("endpoint_url");
  bool far = to == nullptr || !to->is_text() || !is_near(to->text);
  if (c.name.starts_with("boto3.") && is_false(c, "use_ssl") && far) return "plain-connection";
  if (c.name == "minio.Minio" && is_false(c, "secure") && far) return "plain-connection";
  // An address that the source does not settle may well be on this host.
  if ((c.name == "grpc.insecure_channel" || c.name == "grpc.aio.insecure_channel") &&
      to != nullptr && to->is_text() && far)
    return "plain-connection";
  return "";
}

struct Switch {
  std::string_view variable, value;
};
// Environment variables that switch the check of certificates off.
constexpr Switch switches[] = {{"PYTHONHTTPSVERIFY", "0"},
                               {"CURL_CA_BUNDLE", ""},
                               {"REQUESTS_CA_BUNDLE", ""},
                               {"GIT_SSL_NO_VERIFY", "1"},
                               {"GIT_SSL_NO_VERIFY", "true"},
                               {"NODE_TLS_REJECT_UNAUTHORIZED", "0"},
                               {"MLFLOW_TRACKING_INSECURE_TLS", "true"}};

bool is_switch(const PySetting& s) {
  if (!s.target.starts_with("os.environ[") || !s.value.is_text()) return false;
  std::string_view name = std::string_view(s.target).substr(11, s.target.size() - 12);
  return std::any_of(std::begin(switches), std::end(switches), [&](const Switch& w) {
    return w.variable == name && equals_ignoring_case(w.value, s.value.text);
  });
}

bool switches_tls_off(const PySetting& s) {
  if (s.value.text == "ssl._create_unverified_context") return true;
  bool context =
      s.target.starts_with("ssl.") || contains(s.target, "context.") || contains(s.target, "ctx.");
  if (context && s.target.ends_with(".verify_mode") && s.value.text == "ssl.CERT_NONE") return true;
  return (s.target.ends_with(".verify") && s.value.is_false() &&
          s.target.starts_with("requests.")) ||
         is_switch(s);
}

}  // namespace

void add_code(const Module& m) {
  struct Parts {
    const PyCall* shell = nullptr;
    bool connects = false, copies = false;
  };
  std::map<std::string_view, Parts>
      by_function;  // socket + connect + dup2 + a shell in one function
  for (const PyCall& c : m.code.calls) {
    if (!m.sink.next()) return;
    bool miner = false;
    bool shell = false;
    std::string_view drop;
    for (const PyArgument& a : c.arguments)
      each_text(a.value, [&](const std::string& text) {
        miner = miner || is_miner(text);
        shell = shell || is_reverse_shell(text);
        if (drop.empty()) drop = drop_host(text);
      });
    if (shell && c.rooted) put_code(c, m, "reverse-shell");
    if (miner && c.rooted) put_code(c, m, "miner");
    if (!drop.empty()) put_code(c, m, drop);
    if (!c.rooted) continue;
    if (std::string_view what = connection_of(c); !what.empty()) put_code(c, m, what);
    Parts& p = by_function[c.within];
    if (c.name.starts_with("socket.socket()") && c.name.ends_with(".connect")) p.connects = true;
    if (c.name == "os.dup2") p.copies = true;
    if (c.name == "pty.spawn" || c.name.starts_with("subprocess.") || c.name.starts_with("os.exec"))
      p.shell = &c;
  }
  for (const auto& [function, p] : by_function)
    if (p.connects && p.copies && p.shell != nullptr) put_code(*p.shell, m, "reverse-shell");
  for (const PySetting& s : m.code.settings)
    if (switches_tls_off(s)) {
      std::string text = printable(m.source.text.substr(s.offset, s.length), 160);
      Fact f{"code", {}, m.source.place(s.offset, s.length), text};
      f.set("what", "tls-off").set("text", text);
      m.sink.add(std::move(f));
    }
}

// TorchScript has no imports; `torch.x` is an operator of the aten library and `ops.library.x` one
// of a library that the process has loaded.
void add_torchscript(const Module& m) {
  static constexpr std::string_view files[] = {
      "torch.save",          "torch.load",           "torch.from_file",        "torch.package",
      "ops.image.read_file", "ops.image.write_file", "ops.image.decode_image", "torch.classes",
      "ops.aten.save",       "ops.aten.from_file",   "ops.aten.load"};
  static constexpr std::string_view known_libraries[] = {
      "aten",       "prim",    "quantized", "torchvision", "torchaudio", "image",
      "inductor",   "xnnpack", "prepacked", "mkldnn",      "sparse",     "quantized_decomposed",
      "_quantized", "fb",      "torchtext", "video"};
  std::set<std::string> libraries;
  for (const PyCall& c : m.code.calls) {
    if (!m.sink.next()) return;
    bool file = std::find(std::begin(files), std::end(files), c.name) != std::end(files);
    bool python = c.rooted && !c.name.starts_with("builtins.");
    bool rpc = c.name.starts_with("torch.distributed.rpc");
    if (file || python || rpc || (c.name.starts_with("builtins.e"))) {
      Fact f{"call", {}, m.place(c), m.says(c)};
      f.set("name", c.name).set("via", "torchscript").set("verdict", "dangerous");
      if (const PyValue* v = c.positional(0); v != nullptr) set_value(f, "arg.0", *v);
      m.sink.add(std::move(f));
    }
    if (!c.name.starts_with("ops.")) continue;
    std::string library(std::string_view(c.name).substr(4, c.name.find('.', 4) - 4));
    bool known = std::find(std::begin(known_libraries), std::end(known_libraries), library) !=
                 std::end(known_libraries);
    if (known || libraries.size() > 64 || !libraries.insert(library).second) continue;
    Fact f{
        "import", {}, m.place(c), "uses the operator library \"" + printable(library, 60) + "\""};
    f.set("name", "ops." + library)
        .set("module", library)
        .set("via", "torchscript")
        .set("verdict", "unknown");
    m.sink.add(std::move(f));
  }
}

}  // namespace parapet::python
