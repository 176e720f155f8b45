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

// Hosts that take anything from anybody: where stolen values are sent.
constexpr std::string_view drop_hosts[] = {"webhook.site",
                                           "requestbin.",
                                           "pipedream.net",
                                           "discord.com/api/webhooks",
                                           "discordapp.com/api/webhooks",
                                           "api.telegram.org/bot",
                                           "oast.",
                                           "interact.sh",
                                           "burpcollaborator.net",
                                           "transfer.sh/",
                                           "pastebin.com/raw",
                                           "ngrok.io",
                                           "ngrok-free.app",
                                           "hookb.in",
                                           "canarytokens.com",
                                           "dnslog.",
                                           "file.io/"};

bool sends_to_drop_host(std::string_view url) {
  if (!is_url(url)) return false;
  std::string text = lower(url);
  return std::any_of(std::begin(drop_hosts), std::end(drop_hosts),
                     [&](std::string_view h) { return contains(text, h); });
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
  return name.starts_with("requests.") || name.starts_with("httpx.") ||
         name.starts_with("urllib3.") || name.starts_with("aiohttp.");
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
    bool drop = false;
    for (const PyArgument& a : c.arguments)
      each_text(a.value, [&](const std::string& text) {
        miner = miner || is_miner(text);
        shell = shell || is_reverse_shell(text);
        drop = drop || sends_to_drop_host(text);
      });
    if (shell && c.rooted) put_code(c, m, "reverse-shell");
    if (miner && c.rooted) put_code(c, m, "miner");
    if (drop) put_code(c, m, "exfiltration");
    if (!c.rooted) continue;
    const PyValue* verify = c.keyword("verify");
    if (verify == nullptr) verify = c.keyword("verify_ssl");
    if ((is_web_client(c.name) && verify != nullptr && verify->is_false()) ||
        c.name == "ssl._create_unverified_context")
      put_code(c, m, "tls-off");
    if (c.name.starts_with("ssl.") && c.name.ends_with(".wrap_socket"))
      if (const PyValue* v = c.keyword("cert_reqs"); v != nullptr && v->text == "ssl.CERT_NONE")
        put_code(c, m, "tls-off");
    Parts& p = by_function[c.within];
    if (c.name.starts_with("socket.socket()") && c.name.ends_with(".connect")) p.connects = true;
    if (c.name == "os.dup2") p.copies = true;
    if (c.name == "pty.spawn" || c.name.starts_with("subprocess.") || c.name.starts_with("os.exec"))
      p.shell = &c;
  }
  for (const auto& [function, p] : by_function)
    if (p.connects && p.copies && p.shell != nullptr) put_code(*p.shell, m, "reverse-shell");
  for (const PySetting& s : m.code.settings)
    if (s.value.text == "ssl._create_unverified_context" ||
        (s.target.ends_with(".verify") && s.value.is_false() &&
         s.target.starts_with("requests."))) {
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
