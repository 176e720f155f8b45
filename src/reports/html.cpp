// One page that holds everything: web/report.html with its style, its script and the scan as JSON.
// Nothing from the scan is markup: the JSON has no '<', '>' or '&', and the script puts its strings
// into text nodes only. The policy in the page allows exactly this style and this script, by hash.
#include <algorithm>
#include <set>

#include "base/embedded.h"
#include "base/json.h"
#include "base/text.h"
#include "io/digest.h"
#include "reports/report.h"
#include "reports/shared/summary.h"

namespace parapet::reports {
namespace {

// A browser stays quick with as much; the page says what was left out.
constexpr std::size_t max_findings = 20'000, max_unread = 5'000, max_related = 50;

std::string_view web_file(std::string_view path) {
  for (const auto& f : embedded_web())
    if (path == f.path) return f.text();
  return {};
}

std::string base64_of_hex(std::string_view hex) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  auto digit = [](char c) { return static_cast<unsigned>(is_digit(c) ? c - '0' : c - 'a' + 10); };
  std::string out;
  // Three bytes, six hex digits, four letters at a time.
  for (std::size_t i = 0; i < hex.size(); i += 6) {
    auto part = hex.substr(i, 6);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 6; ++k) bits = bits << 4U | (k < part.size() ? digit(part[k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out +=
          k <= part.size() / 2 ? letters[bits >> (18U - 6U * static_cast<unsigned>(k)) & 63U] : '=';
  }
  return out;
}

std::string source_hash(std::string_view text) {
  return "'sha256-" + base64_of_hex(sha256_hex(as_bytes(text))) + '\'';
}

std::string without_markup(std::string_view json) {
  std::string out;
  out.reserve(json.size() + json.size() / 16);
  for (char c : json) {
    switch (c) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class PageContent {
 public:
  explicit PageContent(const Scan& scan) : scan_(scan) {}

  std::string write(const ReportOptions& options) {
    w_.begin_object();
    w_.field("version", printable(scan_.tool_version))
        .field("atlas", printable(scan_.atlas_version));
    w_.field("generated", printable(options.timestamp));
    w_.key("targets").begin_array();
    for (const auto& t : scan_.targets) w_.value(printable(target_text(t)));
    w_.end_array();
    w_.field("verdict", verdict(scan_)).field("basis", basis(scan_));
    w_.field("suppressed", std::uint64_t{scan_.suppressed.size()})
        .field("total", std::uint64_t{scan_.findings.size()});
    names("categories", scan_.categories);
    names("phases", scan_.phases);
    names("tactics", scan_.tactics);
    names("mitigations", scan_.mitigations);
    techniques();
    rules();
    findings();
    coverage();
    unread();
    w_.key("notes").begin_array();
    for (const auto& n : scan_.notes) w_.value(one_line(n, 1000));
    w_.end_array().end_object();
    return without_markup(w_.text());
  }

 private:
  void names(std::string_view key, const std::vector<NamedId>& list) {
    w_.key(key).begin_array();
    for (const auto& n : list)
      w_.begin_object().field("id", printable(n.id)).field("name", printable(n.name)).end_object();
    w_.end_array();
  }
  void list(std::string_view key, const std::vector<std::string>& values) {
    w_.key(key).begin_array();
    for (const auto& v : values) w_.value(printable(v, 500));
    w_.end_array();
  }

  void techniques() {
    w_.key("techniques").begin_array();
    for (const auto& t : scan_.techniques) {
      w_.begin_object()
          .field("id", printable(t.id))
          .field("name", printable(t.name))
          .field("parent", printable(t.parent));
      list("tactics", t.tactics);
      w_.end_object();
    }
    w_.end_array();
  }

  void rules() {
    std::set<std::string_view> used;
    for (const auto& f : scan_.findings) used.insert(f.rule);
    auto cards = technique_cards(scan_);
    w_.key("rules").begin_object();
    for (const auto& r : scan_.rules) {
      if (!used.contains(r.id)) continue;
      w_.key(printable(r.id)).begin_object().field("category", printable(r.category));
      w_.field("why", one_line(r.why, 4000)).field("fix", one_line(r.fix, 4000));
      list("phases", r.phases), list("techniques", r.techniques),
          list("mitigations", mitigations_of(r, cards));
      list("cwe", r.cwe), list("references", r.references);
      w_.end_object();
    }
    w_.end_object();
  }

  void findings() {
    w_.key("findings").begin_array();
    std::size_t n = 0;
    for (const auto& f : scan_.findings) {
      if (++n > max_findings) break;
      w_.begin_object()
          .field("id", printable(f.id))
          .field("rule", printable(f.rule))
          .field("title", printable(f.title, 300));
      w_.field("severity", to_text(f.severity)).field("confidence", to_text(f.confidence));
      w_.field("message", one_line(f.message, 1000))
          .field("place", place_text(f.artifact, f.place, 500));
      w_.field("evidence", printable(f.evidence, 2000));
      if (!f.severity_why.empty()) w_.field("severityWhy", one_line(f.severity_why, 400));
      if (!f.place.pointer.empty()) w_.field("pointer", printable(f.place.pointer, 300));
      if (!f.origin.empty()) list("origin", f.origin);
      if (!f.related.empty()) {
        w_.key("related").begin_array();
        for (std::size_t i = 0; i < std::min(max_related, f.related.size()); ++i) {
          const auto& r = f.related[i];
          w_.begin_array()
              .value(place_text(r.artifact, r.place, 500))
              .value(one_line(r.says, 400))
              .end_array();
        }
        w_.end_array();
        if (f.related.size() > max_related)
          w_.field("relatedLeft", std::uint64_t{f.related.size() - max_related});
      }
      w_.end_object();
    }
    w_.end_array();
  }

  void coverage() {
    w_.key("coverage").begin_array();
    for (const auto& c : scan_.coverage) {
      w_.begin_object().field("technique", printable(c.technique)).field("name", printable(c.name));
      w_.field("phase", printable(c.phase))
          .field("state", to_text(c.state))
          .field("why", one_line(c.why, 600));
      w_.field("findings", std::uint64_t{c.findings.size()});
      list("controls", c.controls);
      w_.end_object();
    }
    w_.end_array();
  }

  void unread() {
    w_.key("unread").begin_array();
    std::size_t n = 0;
    for (auto status : {ScannedArtifact::Status::not_scanned, ScannedArtifact::Status::partly})
      for (const auto& a : scan_.artifacts) {
        if (a.status != status || ++n > max_unread) continue;
        w_.begin_object().field("path", printable(a.path, 500)).field("status", to_text(a.status));
        w_.field("why", one_line(a.why, 600)).end_object();
      }
    w_.end_array().field("unreadTotal", std::uint64_t{n});
  }

  const Scan& scan_;
  JsonWriter w_{false};
};

std::string write(const Scan& scan, const ReportOptions& options) {
  auto style = web_file("report.css");
  auto script = web_file("report.js");
  std::string policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " +
                       source_hash(style) + "; script-src " + source_hash(script);
  std::string out;
  auto rest = web_file("report.html");
  while (!rest.empty()) {
    auto open = split_once(rest, "{{");
    out += open.before;
    if (!open.found) break;
    auto close = split_once(open.after, "}}");
    if (close.before == "csp") out += policy;
    if (close.before == "style") out += style;
    if (close.before == "script") out += script;
    if (close.before == "data") out += PageContent(scan).write(options);
    rest = close.after;
  }
  return out;
}

}  // namespace

extern const Report html{"html", "one page with the ATLAS matrix, for a browser, without network",
                         "html", write};

}  // namespace parapet::reports
