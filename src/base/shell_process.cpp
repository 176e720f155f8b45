#include <algorithm>
#include <span>
#include <utility>

#include "base/shell.h"
#include "base/text.h"

namespace parapet {
namespace {

template <std::size_t n>
bool one_of(std::string_view s, const std::string_view (&names)[n]) {
  return std::find(std::begin(names), std::end(names), s) != std::end(names);
}

// Programs whose first plain word is a subcommand.
constexpr std::string_view with_subcommands[] = {"accelerate",
                                                 "airflow",
                                                 "apt",
                                                 "apt-get",
                                                 "argo",
                                                 "aws",
                                                 "az",
                                                 "bentoml",
                                                 "chroma",
                                                 "conda",
                                                 "dagster",
                                                 "docker",
                                                 "dvc",
                                                 "feast",
                                                 "flyctl",
                                                 "gcloud",
                                                 "gh",
                                                 "git",
                                                 "hatch",
                                                 "helm",
                                                 "hf",
                                                 "jupyter",
                                                 "kaggle",
                                                 "kubectl",
                                                 "kustomize",
                                                 "langgraph",
                                                 "lmdeploy",
                                                 "mamba",
                                                 "micromamba",
                                                 "mc",
                                                 "minio",
                                                 "mlflow",
                                                 "npm",
                                                 "oc",
                                                 "ollama",
                                                 "optuna",
                                                 "pdm",
                                                 "pip",
                                                 "pipenv",
                                                 "pnpm",
                                                 "podman",
                                                 "poetry",
                                                 "prefect",
                                                 "ray",
                                                 "streamlit",
                                                 "systemctl",
                                                 "terraform",
                                                 "uv",
                                                 "vllm",
                                                 "wandb",
                                                 "yarn",
                                                 "zenml",
                                                 "kedro",
                                                 "huggingface-cli",
                                                 "litellm-proxy",
                                                 "gradio",
                                                 "modal",
                                                 "openclaw",
                                                 "nuctl",
                                                 "apk",
                                                 "yum",
                                                 "dnf",
                                                 "mim",
                                                 "clearml",
                                                 "clearml-agent",
                                                 "transformers-cli",
                                                 "llamafactory-cli",
                                                 "metaflow",
                                                 "label-studio",
                                                 "dagster-webserver",
                                                 "codex",
                                                 "claude",
                                                 "gemini"};

// Long flags that never take the next word as their value.
constexpr std::string_view switches[] = {"allow-root",
                                         "block",
                                         "browser",
                                         "build",
                                         "debug",
                                         "detach",
                                         "dev",
                                         "dry-run",
                                         "force",
                                         "force-reinstall",
                                         "gpu",
                                         "head",
                                         "help",
                                         "init",
                                         "insecure",
                                         "interactive",
                                         "json",
                                         "offline",
                                         "pre",
                                         "privileged",
                                         "quiet",
                                         "read-only",
                                         "reload",
                                         "rm",
                                         "serve-artifacts",
                                         "silent",
                                         "skip-tokenizer-init",
                                         "system",
                                         "trust-remote-code",
                                         "tty",
                                         "upgrade",
                                         "user",
                                         "verbose",
                                         "version",
                                         "yes",
                                         "bind_all",
                                         "all",
                                         "multi_user",
                                         "api",
                                         "share",
                                         "listen-all",
                                         "location",
                                         "compressed",
                                         "recursive",
                                         "fail",
                                         "show-error",
                                         "write-out-only",
                                         "unsafe",
                                         "standalone",
                                         "ignore-installed",
                                         "require-hashes",
                                         "eager",
                                         "artifacts-only",
                                         "artifacts_only",
                                         "wait",
                                         "use_env",
                                         "skip-existing",
                                         "auto-install",
                                         "autoscale-off",
                                         "slots",
                                         "props",
                                         "metrics",
                                         "embedding",
                                         "embeddings",
                                         "jinja",
                                         "mlock",
                                         "no-mmap",
                                         "flash-attn",
                                         "cont-batching",
                                         "cpu-only",
                                         "is-embedding"};

// One-letter flags that are switches, by program; elsewhere "-x word" is a flag with a value.
std::string_view short_switches(std::string_view program) {
  struct Row {
    std::string_view program, letters;
  };
  static constexpr Row rows[] = {{"curl", "fsSLkOIvigNJ#"},
                                 {"wget", "qcNvrkxpS"},
                                 {"pip", "qUvI"},
                                 {"uv", "qUv"},
                                 {"apt", "yqf"},
                                 {"apt-get", "yqfm"},
                                 {"apk", "U"},
                                 {"docker", "ditP"},
                                 {"podman", "ditP"},
                                 {"python", "uBOIsESdiqvb"},
                                 {"conda", "yq"},
                                 {"mamba", "yq"},
                                 {"mkdir", "p"},
                                 {"rm", "rf"},
                                 {"cp", "rfa"},
                                 {"git", "qvfa"},
                                 {"jupyter", "y"},
                                 {"npx", "yq"},
                                 {"npm", "gq"},
                                 {"ls", "la"},
                                 {"tar", "xzvjc"},
                                 {"unzip", "oq"},
                                 {"yum", "yq"},
                                 {"dnf", "yq"},
                                 {"chmod", "R"},
                                 {"chown", "R"},
                                 {"ssh", "AtTNv"},
                                 {"set", "euxo"},
                                 {"make", "B"},
                                 {"dagster-webserver", ""},
                                 {"nc", "lvnzu"},
                                 {"airflow", "Dy"}};
  for (const Row& r : rows)
    if (r.program == program) return r.letters;
  return "vq";
}

bool is_boolean(std::string_view s) {
  return one_of(lower(s), {"true", "false", "yes", "no", "on", "off", "1", "0"});
}

bool is_switch(std::string_view name) {
  return one_of(name, switches) || name.starts_with("no-") || name.starts_with("enable-") ||
         name.starts_with("disable-") || name.starts_with("allow-") || name.starts_with("with-") ||
         name.starts_with("skip-") || name.starts_with("use-");
}
// Look like switches by their prefix but take a value.
constexpr std::string_view not_switches[] = {"allow-origins", "allow-credentials", "allow-hosts",
                                             "allowed-hosts", "use-backend",       "allow-tools",
                                             "allow-hosts",   "use-auth",          "with-filename"};

std::string base_name(std::string_view path) {
  std::string_view name = file_name(path);
  if (name.ends_with(".exe")) name.remove_suffix(4);
  return std::string(name);
}

bool is_python(std::string_view program) {
  if (!program.starts_with("python")) return program == "pypy3" || program == "py";
  program.remove_prefix(6);
  return std::all_of(program.begin(), program.end(),
                     [](char c) { return is_digit(c) || c == '.'; });
}

class Understanding {
 public:
  Understanding(const std::vector<Word>& argv, const std::vector<Assignment>& env) : words_(argv) {
    p_.env = env;
  }

  Process run() {
    for (int turns = 0; turns < 8 && take_launcher(); ++turns) {
    }
    if (at_ >= words_.size()) return std::move(p_);
    name_program();
    read_words();
    finish();
    return std::move(p_);
  }

 private:
  std::string_view word(std::size_t i) const {
    return i < words_.size() ? std::string_view(words_[i].text) : std::string_view();
  }
  bool is_flag(std::size_t i) const { return word(i).size() > 1 && word(i)[0] == '-'; }

  // Steps over flags; the letters named take a value.
  void skip_flags(std::string_view with_value) {
    while (is_flag(at_)) {
      std::string_view w = word(at_++);
      if (w == "--") return;
      bool attached = contains(w, "=");
      if (w.starts_with("--")) {
        if (!attached && contains(with_value, std::string(w) + " ") && at_ < words_.size()) ++at_;
      } else if (w.size() == 2 && contains(with_value, std::string(w) + " ") &&
                 at_ < words_.size()) {
        ++at_;
      }
    }
  }

  bool take_launcher() {
    std::string name = base_name(word(at_));
    std::size_t start = at_;
    auto launched = [&](std::string_view with_value) {
      ++at_;
      skip_flags(with_value);
      p_.launchers.push_back(name);
      return at_ < words_.size();
    };
    if (one_of(name,
               {"exec", "nohup", "time", "tini", "dumb-init", "setsid", "stdbuf", "command", "then",
                "catchsegv", "docker-entrypoint.sh", "entrypoint.sh", "xvfb-run", "catatonit"}))
      return at_ + 1 < words_.size() && launched("-o ");
    if (name == "sudo") return launched("-u -g -h -p -C ") || back(start);
    if (name == "nice" || name == "ionice") return launched("-n -c ") || back(start);
    if (name == "gosu" || name == "su-exec") {
      launched("");
      ++at_;
      return at_ < words_.size() || back(start);
    }
    if (name == "timeout") {
      launched("-s -k ");
      ++at_;
      return at_ < words_.size() || back(start);
    }
    if (name == "env") {
      launched("-u -C -S ");
      while (contains(word(at_), "=") && !is_flag(at_)) {
        auto [key, value, found] = split_once(word(at_), "=");
        Word v = words_[at_];
        v.text = std::string(value);
        p_.env.push_back({std::string(key), std::move(v)});
        ++at_;
      }
      return at_ < words_.size() || back(start);
    }
    if (one_of(name, {"uv", "poetry", "pdm", "pipenv", "hatch", "rye", "pixi"}) &&
        word(at_ + 1) == "run") {
      ++at_;
      return launched("--with -p --python --extra --group --env-file --project --directory ") ||
             back(start);
    }
    if (one_of(name, {"conda", "mamba", "micromamba"}) && word(at_ + 1) == "run") {
      ++at_;
      return launched("-n --name -p --prefix --cwd ") || back(start);
    }
    if (name == "accelerate" && word(at_ + 1) == "launch") {
      ++at_;
      return launched(
                 "--config_file --num_processes --num_machines --mixed_precision "
                 "--main_process_port --gpu_ids ") ||
             back(start);
    }
    if (name == "torchrun")
      return launched(
                 "--nproc_per_node --nproc-per-node --nnodes --node_rank --node-rank --master_addr "
                 "--master-addr "
                 "--master_port --master-port --rdzv_backend --rdzv_endpoint --rdzv_id ") ||
             back(start);
    return false;
  }

  bool back(std::size_t start) {
    at_ = start;
    if (!p_.launchers.empty()) p_.launchers.pop_back();
    return false;
  }

  void name_program() {
    const Word& first = words_[at_];
    p_.program = base_name(first.text);
    if (!first.known) p_.complete = false;
    ++at_;
    if (is_python(p_.program)) {
      std::size_t start = at_;
      skip_flags_before_module();
      if (word(at_) == "-m" && at_ + 1 < words_.size()) {
        p_.launchers.push_back(p_.program);
        p_.module = word(at_ + 1);
        at_ += 2;
        std::string_view module = p_.module;
        auto [top, rest, dotted] = split_once(module, ".");
        p_.program = top;
        if (dotted) p_.subcommand = module.substr(module.rfind('.') + 1);
      } else {
        at_ = start;
        p_.program = "python";
      }
    }
    if (p_.program == "pip3" || p_.program.starts_with("pip3.")) p_.program = "pip";
    if (p_.program.starts_with("jupyter-")) {
      p_.subcommand = p_.program.substr(8);
      p_.program = "jupyter";
    }
    if (p_.program == "uv" && word(at_) == "pip") {
      p_.launchers.push_back("uv");
      p_.program = "pip";
      ++at_;
    }
  }

  // python -u -W ignore -m module
  void skip_flags_before_module() {
    while (is_flag(at_) && word(at_) != "-m" && word(at_) != "-c")
      at_ += word(at_) == "-W" || word(at_) == "-X" ? 2U : 1U;
  }

  // "$@", $EXTRA_ARGS, ${VLLM_OPTS}: by what people call them; $MODEL is taken for one plain word.
  static bool may_hold_flags(const Word& w) {
    if (w.known || !(w.text.starts_with('$') || w.text.starts_with("{{"))) return false;
    if (w.text == "$@" || w.text == "$*" || w.text == "${@}" || w.text == "${*}" ||
        w.text.starts_with("${@"))
      return true;
    std::string name = lower(w.text);
    for (std::string_view part : {"arg", "opt", "flag", "extra", "param", "cmd", "command"})
      if (contains(name, part)) return true;
    return false;
  }

  void read_words() {
    bool wants_subcommand = p_.subcommand.empty() && one_of(p_.program, with_subcommands);
    bool only_args = false;
    while (at_ < words_.size()) {
      const Word& w = words_[at_];
      if (!only_args && w.text == "--") {
        only_args = true;
        ++at_;
      } else if (!only_args && is_flag(at_) && !is_digit(w.text[1])) {
        read_flag(w);
      } else {
        if (may_hold_flags(w)) p_.complete = false;
        if (wants_subcommand) {
          p_.subcommand = w.text;
          wants_subcommand = false;
        } else {
          p_.args.push_back(w);
          // `python script.py ARGS`, `docker run IMAGE ARGS`: flags after it are the script's.
          if (p_.program == "docker" && p_.subcommand == "run") only_args = true;
        }
        ++at_;
      }
    }
  }

  void read_flag(const Word& w) {
    bool is_long = w.text.starts_with("--");
    std::string_view body = std::string_view(w.text).substr(is_long ? 2 : 1);
    auto [name, value, attached] = split_once(body, "=");
    Flag f{std::string(name), std::string(value), w.known, w.offset, w.length};
    ++at_;
    if (!attached) {
      bool next = at_ < words_.size() && (!is_flag(at_) || is_digit(word(at_)[1]));
      if (wants_value(name, is_long, next)) {
        const Word& v = words_[at_++];
        f.value = v.text;
        f.known = v.known;
        f.length = v.offset + v.length >= f.offset ? v.offset + v.length - f.offset : f.length;
      } else {
        f.value = "true";
      }
    }
    p_.flags.push_back(std::move(f));
  }

  bool wants_value(std::string_view name, bool is_long, bool next) const {
    if (!next) return false;
    if (is_long) {
      if (is_switch(name) && !one_of(name, not_switches)) return is_boolean(word(at_));
      return true;
    }
    if (name == "t" && p_.subcommand == "build") return true;  // docker build -t, not docker run -t
    if (name.size() == 1) return !contains(short_switches(p_.program), name);
    if (name.ends_with('-')) return false;  // wget -qO-
    // "-fsSL url" is letters together; "-jar x", "-Xmx" and the like are switches here too.
    if (contains(short_switches(p_.program), name.substr(0, 1)))
      return !contains(short_switches(p_.program), name.substr(name.size() - 1));
    return true;
  }

  // Servers that are named otherwise but are the same program.
  void finish() {
    if (p_.program == "vllm" && !p_.module.empty()) p_.subcommand = "serve";
    for (const Assignment& a : p_.env)
      if (a.name.empty()) p_.complete = false;
  }

  const std::vector<Word>& words_;
  std::size_t at_ = 0;
  Process p_;
};

}  // namespace

Process understand(const std::vector<Word>& argv, const std::vector<Assignment>& env) {
  return Understanding(argv, env).run();
}

std::vector<Word> words_of(const std::vector<std::string>& argv) {
  std::vector<Word> out;
  for (const std::string& a : argv) out.push_back({a, 0, a.size(), true, true});
  return out;
}

}  // namespace parapet
