#include "match/indicators.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/text.h"
#include "match/keywords.h"

namespace parapet {
namespace {

constexpr std::size_t facts_per_artifact = 200;

struct Indicator {
  std::string_view what, keyword;
  std::string_view
      pattern;         // PCRE2, matched where the keyword starts; empty: the keyword is enough
  std::size_t before;  // bytes before the keyword where the match may start; 0: at the keyword
  std::string_view says;
};

constexpr std::array<Indicator, 61> indicators{{
    {"reverse-shell", "/dev/tcp/",
     R"([^\n]{0,100}(?:bash|sh|exec|cat|<>|>&|<)[^\n]{0,60}/dev/tcp/[^\s'"/]{1,200}/[^\s'"]{1,12})",
     100, "a shell is connected to a remote host through /dev/tcp"},
    {"reverse-shell", "/dev/udp/",
     R"([^\n]{0,100}(?:bash|sh|exec|<>|>&)[^\n]{0,60}/dev/udp/[^\s'"/]{1,200}/[^\s'"]{1,12})", 100,
     "a shell is connected to a remote host through /dev/udp"},
    {"reverse-shell", "nc ",
     R"((?<![\w-])(?:n?cat|nc)\b[^\n|;]{0,80}\s-[a-z]*[ec]\s{0,2}['"]?(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh\b)",
     2, "netcat hands a shell to a remote host"},
    {"reverse-shell", "ncat ",
     R"(ncat\b[^\n|;]{0,80}\s(?:-[a-z]*[ec]|--exec|--sh-exec)\s{0,2}['"]?(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh\b)",
     0, "ncat hands a shell to a remote host"},
    {"reverse-shell", "mkfifo ",
     R"(mkfifo\s[^\n]{1,120}\|\s{0,4}(?:/bin/)?(?:ba)?sh\b[^\n]{0,80}\|\s{0,4}(?:nc|ncat|openssl|telnet)\b)",
     0, "a named pipe joins a shell to a network connection"},
    {"reverse-shell", "os.dup2(",
     R"(os\.dup2\([^\n]{1,60}fileno\(\)[\s\S]{1,300}?(?:pty\.spawn|subprocess\.\w+\(|os\.system\(|os\.execv?)[^\n]{0,60}sh\b)",
     0, "a socket becomes the input and output of a shell"},
    {"reverse-shell", "pty.spawn(",
     R"(socket[\s\S]{1,400}?pty\.spawn\(\s{0,3}\[?['"](?:/bin/)?(?:ba)?sh)", 400,
     "a terminal is opened on a socket"},
    {"reverse-shell", "socat ",
     R"(socat\s[^\n]{0,160}(?i:exec:)['"]?(?:/bin/)?(?:ba)?sh\b[^\n]{0,80}(?i:tcp|openssl))", 0,
     "socat hands a shell to a remote host"},
    {"reverse-shell", "socat ",
     R"(socat\s[^\n]{0,160}(?i:tcp|openssl)[^\n]{0,80}(?i:exec:)['"]?(?:/bin/)?(?:ba)?sh\b)", 0,
     "socat hands a shell to a remote host"},
    {"reverse-shell", "Net.Sockets.TCPClient",
     R"(Net\.Sockets\.TCPClient\([\s\S]{1,600}?(?:iex|Invoke-Expression)\b)", 0,
     "PowerShell executes what a remote host sends"},
    {"reverse-shell", "TCPSocket",
     R"(TCPSocket\.(?:new|open)\([^\n]{1,100}(?:exec|popen|spawn)[^\n]{0,60})", 0,
     "Ruby hands a shell to a remote host"},
    {"reverse-shell", "fsockopen(",
     R"(fsockopen\([^\n]{1,80}(?:exec|system|proc_open)\([^\n]{0,80}sh\b)", 0,
     "PHP hands a shell to a remote host"},
    {"miner", "stratum+tcp://", "", 0, "a mining pool is addressed"},
    {"miner", "stratum+ssl://", "", 0, "a mining pool is addressed"},
    {"miner", "stratum2+tcp://", "", 0, "a mining pool is addressed"},
    {"miner", "xmrig", R"((?<![\w])xmrig(?:\s|/|\.|$|["']))", 1, "the miner XMRig is named"},
    {"miner", "--donate-level", R"(--donate-level[= ]\d)", 0, "a miner's option is given"},
    {"miner", "minexmr.com", "", 0, "a mining pool is named"},
    {"miner", "supportxmr.com", "", 0, "a mining pool is named"},
    {"miner", "nanopool.org", "", 0, "a mining pool is named"},
    {"miner", "2miners.com", "", 0, "a mining pool is named"},
    {"miner", "moneroocean.stream", "", 0, "a mining pool is named"},
    {"miner", "ethminer", R"((?<!\w)ethminer\s+-)", 1, "the miner ethminer is started"},
    {"miner", "nicehash", R"(nicehash\.com:\d+)", 0, "a mining pool is named"},
    {"exfiltration", "webhook.site", R"(webhook\.site(?:/[\w-]{8,}|['"/]))", 0,
     "data can be sent to a public collector of requests"},
    {"exfiltration", "requestbin", R"(requestbin\.(?:com|net|io|cn)\b)", 0,
     "data can be sent to a public collector of requests"},
    {"exfiltration", "pipedream.net", R"(pipedream\.net\b)", 0,
     "data can be sent to a public collector of requests"},
    {"exfiltration", "requestcatcher.com", "", 0,
     "data can be sent to a public collector of requests"},
    {"exfiltration", "beeceptor.com", "", 0, "data can be sent to a public collector of requests"},
    {"exfiltration", "oastify.com", "", 0, "an out-of-band test host is addressed"},
    {"exfiltration", "interact.sh", R"(interact\.sh\b(?!\w))", 0,
     "an out-of-band test host is addressed"},
    {"exfiltration", "burpcollaborator.net", "", 0, "an out-of-band test host is addressed"},
    {"exfiltration", ".oast.", R"(\.oast\.(?:fun|live|pro|site|online|me)\b)", 0,
     "an out-of-band test host is addressed"},
    {"exfiltration", "dnslog.cn", "", 0, "an out-of-band test host is addressed"},
    {"exfiltration", "canarytokens.com", "", 0, "a tracking host is addressed"},
    {"exfiltration", "api.telegram.org/bot",
     R"(api\.telegram\.org/bot[^\s'"]{0,80}/?send(?:Message|Document|Photo))", 0,
     "data is sent through a Telegram bot"},
    {"exfiltration", "discord.com/api/webhooks/", R"(discord\.com/api/webhooks/[\d{])", 0,
     "data is sent to a Discord webhook"},
    {"exfiltration", "discordapp.com/api/webhooks/", R"(discordapp\.com/api/webhooks/[\d{])", 0,
     "data is sent to a Discord webhook"},
    {"exfiltration", "pastebin.com/raw/", R"(pastebin\.com/raw/\w+)", 0,
     "content is fetched from an anonymous paste"},
    {"exfiltration", "transfer.sh", R"((?:--upload-file|-T|-F|-d)\s[^\n]{1,200}transfer\.sh\b)",
     200, "a file is uploaded to an anonymous host"},
    {"exfiltration", "file.io",
     R"((?:-F|--form|-T|post\()\s{0,3}[^\n]{1,120}(?<![\w.-])file\.io\b)", 120,
     "a file is uploaded to an anonymous host"},
    {"exfiltration", "0x0.st", R"((?:-F|--form|-T|post\()\s{0,3}[^\n]{1,120}(?<![\w.-])0x0\.st\b)",
     120, "a file is uploaded to an anonymous host"},
    {"exfiltration", "ix.io", R"(-F\s[^\n]{1,80}(?<![\w.-])ix\.io\b)", 90,
     "a file is uploaded to an anonymous host"},
    {"exfiltration", ".burpcollaborator.", "", 0, "an out-of-band test host is addressed"},
    {"pipe-to-shell", "curl ",
     R"(curl\s[^\n|;]{1,300}\|\s{0,4}(?:sudo\s(?:-\w+\s){0,3})?(?:/bin/|/usr/bin/(?:env )?)?(?:ba|z|da|k)?sh\b)",
     0, "a download is executed by a shell unseen"},
    {"pipe-to-shell", "wget ",
     R"(wget\s[^\n|;]{1,300}\|\s{0,4}(?:sudo\s(?:-\w+\s){0,3})?(?:/bin/|/usr/bin/(?:env )?)?(?:ba|z|da|k)?sh\b)",
     0, "a download is executed by a shell unseen"},
    {"pipe-to-shell", "curl ",
     R"(curl\s[^\n|;]{1,300}\|\s{0,4}(?:sudo\s(?:-\w+\s){0,3})?(?:/usr/bin/(?:env )?)?(?:python[23]?|perl|ruby|node)\b(?!\s+-m json))",
     0, "a download is executed by an interpreter unseen"},
    {"pipe-to-shell", "wget ",
     R"(wget\s[^\n|;]{1,300}\|\s{0,4}(?:sudo\s(?:-\w+\s){0,3})?(?:/usr/bin/(?:env )?)?(?:python[23]?|perl|ruby|node)\b(?!\s+-m json))",
     0, "a download is executed by an interpreter unseen"},
    {"pipe-to-shell", "sh <(", R"(sh\s<\((?:curl|wget)\s[^\n)]{1,300})", 0,
     "a download is executed by a shell unseen"},
    {"pipe-to-shell", "sh -c \"$(", R"(sh\s-c\s"\$\((?:curl|wget)\s[^\n)]{1,300})", 0,
     "a download is executed by a shell unseen"},
    {"pipe-to-shell", "eval \"$(", R"(eval\s"?\$\((?:curl|wget)\s[^\n)]{1,300})", 0,
     "a download is executed by a shell unseen"},
    {"pipe-to-shell", "base64 -d", R"(base64\s-d\w*[^\n|;]{0,60}\|\s{0,4}(?:ba|z|da)?sh\b)", 0,
     "hidden text is decoded into a shell"},
    {"pipe-to-shell", "base64 --decode",
     R"(base64\s--decode[^\n|;]{0,60}\|\s{0,4}(?:ba|z|da)?sh\b)", 0,
     "hidden text is decoded into a shell"},
    {"pipe-to-shell", "iwr ", R"(iwr\s[^\n|;]{1,300}\|\s{0,4}iex\b)", 0,
     "a download is executed by PowerShell unseen"},
    {"sensor", "rtsp://", R"(rtsp://[^\s"'<>\\)\],;`]{4,300})", 0, ""},
    {"sensor", "rtsps://", R"(rtsps://[^\s"'<>\\)\],;`]{4,300})", 0, ""},
    {"preprint", "arxiv.org/", R"(arxiv\.org/(?:abs|pdf)/\d{4}\.\d{4,5})", 0,
     "a preprint describes the work"},
    {"internal-host", ".internal",
     R"((?<![\w.-])(?:[a-z0-9][a-z0-9-]{0,40}\.){1,5}internal(?![\w.(-]))", 120,
     "an internal host is named"},
    {"internal-host", ".corp.",
     R"((?<![\w.-])(?:[a-z0-9][a-z0-9-]{0,40}\.){1,5}corp\.[a-z0-9-]{2,40}\.[a-z]{2,10}(?![\w(-]))",
     120, "an internal host is named"},
    {"internal-host", ".intranet",
     R"((?<![\w.-])(?:[a-z0-9][a-z0-9-]{0,40}\.){1,5}intranet(?:\.[a-z0-9-]{2,40}){0,3}(?![\w(-]))",
     120, "an internal host is named"},
    {"internal-host", ".svc.cluster.local",
     R"((?:[a-z0-9][a-z0-9-]{0,40}\.){1,3}svc\.cluster\.local)", 120,
     "a service inside a cluster is named"},
}};

struct FreeCode {
  void operator()(pcre2_code* c) const { pcre2_code_free(c); }
};

struct Compiled {
  Keywords keywords;
  std::array<std::unique_ptr<pcre2_code, FreeCode>, indicators.size()> patterns;

  Compiled() : keywords(words()) {
    for (std::size_t i = 0; i < indicators.size(); ++i) {
      const Indicator& in = indicators[i];
      if (in.pattern.empty()) continue;
      int error = 0;
      std::size_t at = 0;
      patterns[i].reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(in.pattern.data()),
                                      in.pattern.size(), in.before == 0 ? PCRE2_ANCHORED : 0U,
                                      &error, &at, nullptr));
    }
  }
  static std::vector<Keyword> words() {
    std::vector<Keyword> out;
    for (const Indicator& i : indicators) out.push_back({std::string(i.keyword)});
    return out;
  }
};

// Documents that outsiders read.
bool is_public_document(std::string_view path) {
  std::string name = lower(file_name(path));
  return name.starts_with("readme") || name == "model_card.md" || name == "modelcard.md" ||
         name.ends_with(".md") || name.ends_with(".rst");
}

Fact sensor_fact(std::string_view url, Place place) {
  Fact f{"sensor", {}, std::move(place), {}};
  auto rest = split_once(url, "://").after;
  auto host = rest.substr(0, rest.find('/'));
  auto at = host.rfind('@');
  std::string shown(url);
  std::string_view auth = "none";
  if (at != std::string_view::npos) {
    auto pair = split_once(host.substr(0, at), ":");
    constexpr std::array<std::string_view, 14> shipped{
        "",     "admin", "12345",  "123456", "1234",   "password", "admin123",
        "root", "pass",  "888888", "666666", "camera", "ubnt",     "4321"};
    bool is_default = std::find(shipped.begin(), shipped.end(), lower(pair.after)) != shipped.end();
    auth = is_default ? "default" : "password";
    shown = std::string(split_once(url, "://").before) + "://" + std::string(pair.before) +
            ":[redacted]@" + std::string(rest.substr(at + 1));
  }
  f.says = auth == "none"      ? "camera stream without a login: "
           : auth == "default" ? "camera stream with a shipped login: "
                               : "camera stream: ";
  f.says += printable(shown);
  return f.set("url", printable(shown), !contains(url, "$") && !contains(url, "{"))
      .set("scheme", split_once(url, "://").before)
      .set("auth", auth);
}

}  // namespace

void add_indicator_facts(const Artifact& artifact, Sink& sink) {
  static const Compiled compiled;
  std::string_view text = as_text(artifact.bytes);
  bool is_document = is_public_document(artifact.name);
  // Shell lines of a notebook's cells are read with the notebook (formats/ipynb.cpp).
  bool in_cell = contains(artifact.name, ".ipynb!/cell-") && artifact.name.ends_with(".py");
  std::map<std::pair<std::string_view, std::string>, bool> seen;
  pcre2_match_data* data = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* context = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(context, 50'000);
  compiled.keywords.scan(text, [&](std::uint32_t id, std::size_t end) {
    if (!sink.next(16) || seen.size() >= facts_per_artifact) return false;
    const Indicator& in = indicators[id];
    bool disclosure = in.what == "preprint" || in.what == "internal-host";
    if (disclosure && !is_document) return true;
    if (in_cell && in.what == "pipe-to-shell") return true;
    std::size_t begin = end - in.keyword.size();
    std::size_t length = in.keyword.size();
    if (const pcre2_code* code = compiled.patterns[id].get()) {
      std::size_t base = begin - std::min<std::size_t>(begin, in.before + 4);
      std::size_t start = begin - std::min<std::size_t>(begin, in.before);
      auto subject = text.substr(base, end - base + 700);
      if (pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(),
                      start - base, 0, data, context) < 0)
        return true;
      const std::size_t* at = pcre2_get_ovector_pointer(data);
      begin = base + at[0];
      length = at[1] - at[0];
    }
    std::string found(text.substr(begin, std::min<std::size_t>(length, 300)));
    if (!seen.try_emplace({in.what, found}, true).second) return true;
    Place place{begin, length};
    if (in.what == "sensor") {
      sink.add(sensor_fact(found, place));
      return true;
    }
    Fact f{disclosure ? "disclosure" : "code",
           {},
           place,
           std::string(in.says) + ": " + printable(found, 160)};
    f.set("what", in.what).set(disclosure ? "value" : "text", printable(found, 300));
    sink.add(std::move(f));
    return true;
  });
  pcre2_match_context_free(context);
  pcre2_match_data_free(data);
}

}  // namespace parapet
