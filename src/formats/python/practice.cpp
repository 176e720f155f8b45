// What a module tells its logs that is secret, and models that it hands on without looking at them.
#include <algorithm>

#include "base/text.h"
#include "formats/python/facts.h"

namespace parapet::python {
namespace {

bool writes_log(const PyCall& c) {
  if (!c.rooted) return false;
  if (c.name == "builtins.print") return true;
  bool logger = c.name.starts_with("logging.") || c.name.starts_with("loguru.logger.") ||
                c.name.starts_with("structlog.");
  if (logger)
    for (std::string_view level :
         {".debug", ".info", ".warning", ".error", ".critical", ".exception", ".log"})
      if (c.name.ends_with(level)) return true;
  for (std::string_view tracker :
       {"mlflow.log_param", "mlflow.log_params", "mlflow.set_tag", "mlflow.log_dict",
        "mlflow.log_text", "wandb.config.update", "wandb.log", "wandb.init"})
    if (c.name == tracker) return true;
  return false;
}

// Ends of names of variables that hold a secret as it is.
constexpr std::string_view secret_ends[] = {
    "api_key",    "apikey",       "password",  "passwd",   "secret_key",    "secret_access_key",
    "auth_token", "access_token", "api_token", "hf_token", "client_secret", "private_key"};

bool is_secret_name(std::string_view word) {
  std::string w = lower(word);
  return std::any_of(std::begin(secret_ends), std::end(secret_ends),
                     [&](std::string_view end) { return w.ends_with(end); });
}

// The parts of a call's source that are code: what stands in strings counts only in the {} of an
// f-string, and in the brackets of os.environ.
std::string code_of(std::string_view text) {
  std::string out;
  char quote = 0;
  bool formats = false;
  int braces = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quote == 0) {
      if (c == '"' || c == '\'') {
        quote = c;
        formats = i > 0 && (lower(text[i - 1]) == 'f' || (i > 1 && lower(text[i - 2]) == 'f'));
        bool name =
            out.ends_with("environ[") || out.ends_with("environ.get(") || out.ends_with("getenv(");
        if (name) {
          for (++i; i < text.size() && text[i] != quote; ++i) out += text[i];
          quote = 0;
        }
        continue;
      }
      out += c;
    } else if (c == '\\') {
      ++i;
    } else if (c == quote && braces == 0) {
      quote = 0;
      out += ' ';
    } else if (formats && c == '{') {
      if (++braces == 1) out += ' ';
    } else if (formats && c == '}' && braces > 0) {
      if (--braces == 0) out += ' ';
    } else if (braces > 0) {
      out += c;
    }
  }
  return out;
}

// A name that is passed on whole: not called, indexed, measured or compared.
bool names_secret(std::string_view code) {
  for (std::size_t i = 0; i < code.size();) {
    if (!is_word(code[i])) {
      ++i;
      continue;
    }
    std::size_t from = i;
    while (i < code.size() && (is_word(code[i]) || code[i] == '.')) ++i;
    std::string_view rest = trim(code.substr(i));
    std::string_view before = trim(code.substr(0, from));
    // `name=` is a keyword, `is None` a question, f(name) and `name if` a use of it.
    bool used = rest.starts_with('(') || rest.starts_with('[') || rest.starts_with('=') ||
                rest.starts_with("is ") || rest.starts_with("!=") || rest.starts_with("if ") ||
                before.ends_with("not") || before.ends_with("len(") || before.ends_with("bool(") ||
                before.ends_with("type(") || before.ends_with("if") ||
                (before.ends_with('(') && before.size() > 1 && is_word(before[before.size() - 2]) &&
                 !before.ends_with("environ.get(") && !before.ends_with("getenv(") &&
                 !before.ends_with("print(") && !before.ends_with("str(") &&
                 before.find('(') != before.size() - 1);
    if (!used && is_secret_name(code.substr(from, i - from))) return true;
  }
  return false;
}

// print(os.environ), log.info("%s", dict(os.environ)): whole, and not on its way into a function
// that takes one variable out of it.
bool shows_environment(std::string_view code) {
  for (std::size_t at = code.find("os.environ"); at != std::string_view::npos;
       at = code.find("os.environ", at + 1)) {
    std::string_view before = code.substr(0, at);
    std::string_view rest = trim(code.substr(at + 10));
    bool whole = rest.empty() || rest[0] == ')' || rest[0] == ',' || rest.starts_with(".items()") ||
                 rest.starts_with(".copy()");
    bool direct = std::count(before.begin(), before.end(), '(') -
                      std::count(before.begin(), before.end(), ')') ==
                  1;
    for (std::string_view f : {"dict(", "str(", "repr(", "dumps(", "pformat("})
      direct = direct || before.ends_with(f);
    if (whole && direct) return true;
  }
  return false;
}

void put(const Module& m, const PyCall& c, std::string_view what) {
  Fact f{"code", {}, m.place(c), m.says(c)};
  f.set("what", what).set("text", m.says(c));
  m.sink.add(std::move(f));
}

// A model is handed to others: registered, promoted or published.
bool hands_on(const PyCall& c) {
  if (c.name.ends_with(".push_to_hub") || c.name.ends_with(".transition_model_version_stage") ||
      c.name.ends_with(".set_registered_model_alias"))
    return true;
  if (c.name == "mlflow.register_model") return true;
  return c.name.starts_with("mlflow.") && c.name.ends_with(".log_model") &&
         c.keyword("registered_model_name") != nullptr;
}

// A line that compares a measure: "if accuracy < threshold:", "assert auc > 0.9".
bool compares_measure(std::string_view text) {
  static constexpr std::string_view measures[] = {
      "acc",       "auc",       "f1",     "score",      "loss", "rmse",     "mae",    "metric",
      "threshold", "precision", "recall", "perplexity", "bleu", "validate", "evaluat"};
  for (std::string_view line : split(text, '\n')) {
    std::string_view t = trim(line);
    if (!t.starts_with("if ") && !t.starts_with("assert ") && !t.starts_with("elif ")) continue;
    std::string l = lower(t.substr(0, 400));
    if (std::any_of(std::begin(measures), std::end(measures),
                    [&](std::string_view w) { return contains(l, w); }))
      return true;
  }
  return false;
}

}  // namespace

void add_practice(const Module& m) {
  const PyCall* handed = nullptr;
  for (const PyCall& c : m.code.calls) {
    if (!m.sink.next()) return;
    if (handed == nullptr && hands_on(c)) handed = &c;
    if (!writes_log(c)) continue;
    std::string code =
        code_of(m.source.text.substr(c.offset, std::min<std::uint64_t>(c.length, 600)));
    if (shows_environment(code))
      put(m, c, "environment-logged");
    else if (names_secret(code))
      put(m, c, "secret-logged");
  }
  if (handed != nullptr && !compares_measure(m.source.text)) put(m, *handed, "model-ungated");
}

}  // namespace parapet::python
