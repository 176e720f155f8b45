// parapet scan: the main job.
#include "engine/scan.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "commands/command.h"
#include "commands/support/armoury.h"
#include "commands/support/config.h"
#include "reports/report.h"

namespace parapet::commands {
namespace {

constexpr Option options[] = {
    {"format", 'f', "NAME", "report format, repeatable: text json sarif html", "text"},
    {"output", 'o', "FILE", "where the report goes, one per --format; '-' is standard output", "-"},
    {"fail-on", 0, "SEVERITY", "exit 1 at or above: critical high medium low info, or never",
     "high"},
    {"strict", 0, "", "an artifact that was only partly scanned also makes exit code 1"},
    {"baseline", 0, "FILE",
     "an earlier JSON report: its findings are marked suppressed, not shown"},
    {"allow", 0, "FILE", "accepted risks, a YAML list 'allow:' of rule, path, reason, until"},
    {"no-comments", 0, "",
     "do not obey 'parapet: allow RULE reason until DATE' in what is scanned"},
    {"rules", 0, "DIR",
     "a folder of your own rules (CATEGORY/NAME/rule.yaml), repeatable; same ids replace ours"},
    {"gitleaks-config", 0, "FILE",
     "your own rules for credentials in the form of gitleaks.toml, repeatable"},
    {"osv", 0, "DIR|ZIP", "known vulnerabilities: an OSV export (PyPI/all.zip), repeatable"},
    {"only", 0, "RULE", "run only this rule, repeatable"},
    {"sandbox", 0, "", "also run rules that are still on trial"},
    {"atlas", 0, "FILE", "an official ATLAS.yaml of another release"},
    {"exclude", 0, "GLOB", "leave out paths inside the target, as '**/.venv/**', repeatable"},
    {"history", 0, "",
     "also every version in the history of git repositories: files, commit messages, tags"},
    {"history-state", 0, "FILE",
     "with --history: what held nothing is noted there and not read again next time"},
    {"gitignore", 0, "", "leave out what .gitignore files name"},
    {"jobs", 'j', "N", "workers", "number of cores"},
    {"hash", 0, "", "SHA-256 of every file, not only of those with findings"},
    {"max-depth", 0, "N", "containers in containers", "8"},
    {"max-unpacked", 0, "GIB", "unpacked bytes per root artifact", "64"},
    {"max-ratio", 0, "N", "unpacked bytes per packed byte", "1000"},
    {"max-entries", 0, "N", "archive members per root artifact", "1000000"},
    {"max-seconds", 0, "N", "wall time per root artifact; 0: none", "300"},
    {"config", 0, "FILE", "options from a TOML file, table [scan]", "./parapet.toml if there"},
    {"verbose", 'v', "", "every place of every finding, every artifact"},
    {"quiet", 'q', "", "no report on the terminal unless --output asks; the exit code tells"},
    {"no-progress", 0, "", "no progress line"},
};

constexpr std::string_view details =
    "TARGET is a file, a folder, '-' for standard input, or @FILE for a list of targets.\n\n"
    "Examples:\n"
    "  parapet scan .                                    a repository before you push\n"
    "  parapet scan . --history                          and all that it ever held\n"
    "  parapet scan models/ --fail-on critical           a gate for model files\n"
    "  git diff --cached --name-only | parapet scan @-   a pre-commit hook\n"
    "  parapet scan . -f sarif -o parapet.sarif -f html -o report.html\n"
    "  parapet scan . -f json -o base.json; parapet scan . --baseline base.json   only what is "
    "new\n\n"
    "Nothing that is scanned is executed, loaded or unpickled, and no network is used. What could "
    "not\n"
    "be read or was cut short is listed; silence never means that all is well.\n"
    "Exit code: 0 nothing at or above --fail-on, 1 there is, 2 the work could not be done.";

Result<std::uint64_t> number(const Arguments& a, std::string_view name, std::uint64_t fallback) {
  if (!a.has(name)) return fallback;
  auto n = to_integer(a.get(name));
  if (!n || *n < 0)
    return Fail(Error{"--" + std::string(name) + " " + a.get(name), "must be a number, 0 or more"});
  return static_cast<std::uint64_t>(*n);
}

Result<ScanRequest> request_of(const Arguments& a) {
  ScanRequest r;
  r.targets = a.positional;
  if (r.targets.empty()) return Fail(Error{"scan", "name a target: parapet scan ."});
  r.exclude = a.all("exclude");
  r.sources.obey_gitignore = a.has("gitignore");
  r.sources.history = a.has("history");
  r.hash_all = a.has("hash");
  unsigned cores = std::thread::hardware_concurrency();
  r.jobs = static_cast<unsigned>(TRY(number(a, "jobs", cores == 0 ? 1 : cores)));
  if (r.jobs == 0 || r.jobs > 256) return Fail(Error{"--jobs", "must be between 1 and 256"});
  r.limits.depth = TRY(number(a, "max-depth", r.limits.depth));
  r.limits.unpacked = TRY(number(a, "max-unpacked", r.limits.unpacked >> 30U)) << 30U;
  r.limits.ratio = TRY(number(a, "max-ratio", r.limits.ratio));
  r.limits.entries = TRY(number(a, "max-entries", r.limits.entries));
  r.limits.seconds = TRY(number(a, "max-seconds", r.limits.seconds));
  return r;
}

// The day that allowances are held against: SOURCE_DATE_EPOCH's, or today in UTC.
std::time_t now() {
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  auto seconds = epoch != nullptr ? to_integer(epoch) : std::nullopt;
  return seconds ? static_cast<std::time_t>(*seconds) : std::time(nullptr);
}

// "2026-11-27T00:00:00Z"
std::string utc(std::time_t t) {
  std::tm parts = {};
  char text[32];
  bool written = gmtime_r(&t, &parts) != nullptr &&
                 std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) != 0;
  return written ? text : "";
}

Result<Accepted> accepted_of(const Arguments& a) {
  Accepted out;
  if (a.has("allow")) out.listed = TRY(read_allowances(a.get("allow")));
  if (a.has("baseline")) out.known = TRY(read_baseline(a.get("baseline")));
  out.comments = !a.has("no-comments");
  out.today = utc(now()).substr(0, 10);
  return out;
}

struct Output {
  const Report* report;
  std::string file;  // "-": standard output
};

Result<std::vector<Output>> outputs_of(const Arguments& a) {
  std::vector<std::string> names = a.all("format");
  std::vector<std::string> files = a.all("output");
  if (names.empty()) names.emplace_back("text");
  if (files.size() > names.size())
    return Fail(Error{"--output " + files.back(), "there are more --output than --format"});
  std::vector<Output> out;
  std::string known;
  for (const Report* r : all_reports()) known += " " + std::string(r->name);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Report* found = nullptr;
    for (const Report* r : all_reports())
      if (r->name == names[i]) found = r;
    if (found == nullptr) return Fail(Error{"--format " + names[i], "the formats are" + known});
    out.push_back({found, i < files.size() ? files[i] : "-"});
  }
  return out;
}

// A line on standard error while the workers run; gone when they are done.
class ProgressLine {
 public:
  ProgressLine(const Progress& progress, bool on) : progress_(progress) {
    if (on) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

 private:
  void run(const std::stop_token& stop) {
    using namespace std::chrono_literals;
    bool drawn = false;
    for (int tick = 0; !stop.stop_requested(); ++tick) {
      std::this_thread::sleep_for(50ms);
      if (tick < 10 || tick % 4 != 0) continue;  // short scans stay quiet
      auto roots = progress_.roots.load();
      auto done = progress_.done.load();
      std::fprintf(stderr, "\r\x1b[Kscanning: %llu of %llu files, %llu MiB",
                   static_cast<unsigned long long>(done), static_cast<unsigned long long>(roots),
                   static_cast<unsigned long long>(progress_.bytes.load() >> 20U));
      drawn = true;
    }
    if (drawn) std::fputs("\r\x1b[K", stderr);
  }
  const Progress& progress_;
  std::jthread thread_;
};

ReportOptions report_options(const Arguments& a, const Output& o) {
  ReportOptions r;
  bool terminal = o.file == "-" && isatty(STDOUT_FILENO) == 1;
  const char* no_colour = std::getenv("NO_COLOR");
  r.colour = terminal && (no_colour == nullptr || *no_colour == '\0');
  struct winsize size = {};
  if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
    r.width = size.ws_col;
  r.verbose = a.has("verbose");
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"); epoch != nullptr && to_integer(epoch))
    r.timestamp = utc(now());
  return r;
}

Result<int> write(const Output& o, const std::string& text) {
  if (o.file == "-") {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      return Fail(Error{"write the report", "standard output is closed"});
    return 0;
  }
  std::ofstream out(o.file, std::ios::binary);
  out << text;
  if (!out.flush()) return Fail(Error{"write " + o.file, "cannot be written"});
  return 0;
}

Result<int> run(const Arguments& given) {
  const Arguments a = TRY(with_config(given, "scan", options));
  ScanRequest request = TRY(request_of(a));
  std::vector<Output> outputs = TRY(outputs_of(a));
  bool never = a.get("fail-on") == "never";
  Severity fail_on = Severity::high;
  if (a.has("fail-on") && !never && !from_text(a.get("fail-on"), fail_on))
    return Fail(Error{"--fail-on " + a.get("fail-on"),
                      "must be critical, high, medium, low, info or never"});
  OwnedArmoury armoury = TRY(make_armoury(a));
  request.accepted = TRY(accepted_of(a));
  HistoryState state;
  if (a.has("history-state")) {
    if (!a.has("history")) return Fail(Error{"--history-state", "goes with --history"});
    std::string note;
    state = read_history_state(a.get("history-state"), TRY(judges_digest(a)), note);
    if (!note.empty()) armoury.notes.push_back(std::move(note));
    request.history_state = &state;
    request.sources.content_ids = true;
  }

  Progress progress;
  Result<Scan> scanned = Fail(Error{});
  {
    bool show = isatty(STDERR_FILENO) == 1 && !a.has("quiet") && !a.has("no-progress");
    ProgressLine line(progress, show);
    scanned = run_scan(request, armoury.view(), progress);
  }
  Scan scan = TRY(std::move(scanned));
  scan.notes.insert(scan.notes.end(), armoury.notes.begin(), armoury.notes.end());
  for (const Output& o : outputs)
    if (o.file != "-" || !a.has("quiet"))
      TRY(write(o, o.report->write(scan, report_options(a, o))));

  if (request.history_state != nullptr) TRY(write_history_state(state));
  bool partly = scan.stats.partly != 0 || scan.stats.not_scanned != 0;
  if (a.has("strict") && partly) return 1;
  for (const Finding& f : scan.findings)
    if (!never && f.severity >= fail_on) return 1;
  return 0;
}

}  // namespace

extern const Command scan{
    "scan", "scan files and folders; the main job", "TARGET...", details, options, run};

}  // namespace parapet::commands
