// The program: sorts out the command line and runs one command. The only place that knows CLI11.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>

#include "commands/command.h"
#include "io/unpack_worker.h"

namespace parapet {
namespace {

constexpr const char* about =
    "Parapet assesses MLOps estates with MITRE ATLAS: repositories, notebooks, data sets, model "
    "files,\n"
    "pipelines, clusters and agents go in; findings by phase and technique come out.\n\n"
    "  parapet scan .                       the main job\n"
    "  parapet scan model.pt -f json -o report.json\n"
    "  parapet atlas AML.T0010.003          what a technique is, what shows it, what stops it";

constexpr const char* exit_codes =
    "Exit code: 0 nothing at or above --fail-on, 1 there is, 2 the work could not be done.";

// One command's options as CLI11 wants them, and what the user gave.
struct Wired {
  const Command* command;
  CLI::App* app;
  std::map<std::string, std::vector<std::string>, std::less<>> values;
  std::map<std::string, bool, std::less<>> switches;
  std::vector<std::string> positional;
};

void wire(Wired& w) {
  for (const Option& o : w.command->options) {
    std::string name(o.name);
    std::string flags =
        (o.short_name != 0 ? std::string("-") + o.short_name + "," : "") + "--" + name;
    std::string help(o.help);
    if (!o.fallback.empty()) help += " (default " + std::string(o.fallback) + ")";
    if (o.value.empty()) {
      w.app->add_flag(flags, w.switches[name], help);
    } else {
      w.app->add_option(flags, w.values[name], help)
          ->type_name(std::string(o.value))
          ->allow_extra_args(false);
    }
  }
  if (!w.command->usage.empty())
    w.app->add_option("arguments", w.positional, std::string(w.command->usage))->type_name("");
}

Arguments collect(const Wired& w) {
  Arguments out;
  for (const auto& [name, values] : w.values)
    if (!values.empty()) out.options[name] = values;
  for (const auto& [name, on] : w.switches)
    if (on) out.options[name] = {};
  out.positional = w.positional;
  return out;
}

int run(int argc, char** argv) {
  CLI::App app(about, "parapet");
  app.set_version_flag("--version", std::string("parapet ") + PARAPET_VERSION);
  app.require_subcommand(1);
  app.footer(exit_codes);
  app.get_formatter()->column_width(34);
  std::vector<std::unique_ptr<Wired>> wired;
  for (const Command* command : all_commands()) {
    auto* sub = app.add_subcommand(std::string(command->name), std::string(command->title));
    sub->footer(std::string(command->details));
    wired.push_back(std::make_unique<Wired>(Wired{command, sub, {}, {}, {}}));
    wire(*wired.back());
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  for (const auto& w : wired) {
    if (!w->app->parsed()) continue;
    Result<int> code = w->command->run(collect(*w));
    if (code) return *code;
    std::fprintf(stderr, "parapet: %s: %s\n", code.error().what.c_str(),
                 code.error().cause.c_str());
    return 2;
  }
  return 2;
}

}  // namespace
}  // namespace parapet

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--unpack-worker")
    return parapet::unpack_worker_main();
  try {
    return parapet::run(argc, argv);
  } catch (const std::exception& e) {  // memory, or a fault of ours: never a clean exit code
    std::fprintf(stderr, "parapet: scanner fault: %s\n", e.what());
    return 2;
  }
}
