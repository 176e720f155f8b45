#include <algorithm>
#include <utility>

#include "base/shell.h"
#include "base/text_cursor.h"

namespace parapet {
namespace {

constexpr int max_depth = 4;                 // sh -c in sh -c, $( in $(
constexpr std::size_t max_word = 16 * 1024;  // bytes a word may grow to by variables
constexpr std::size_t max_variables = 4096;
constexpr std::size_t max_commands = 100'000;

bool is_name(std::string_view s) {
  return !s.empty() && !is_digit(s[0]) && std::all_of(s.begin(), s.end(), is_word);
}

// Words after which a command begins again.
bool is_keyword(std::string_view w) {
  for (std::string_view k : {"if", "then", "elif", "else", "fi", "while", "until", "do", "done",
                             "{", "}", "!", "esac", "time"})
    if (w == k) return true;
  return false;
}

bool is_shell(std::string_view program) {
  std::string_view name = file_name(program);
  return name == "sh" || name == "bash" || name == "dash" || name == "ash" || name == "zsh" ||
         name == "ksh";
}

class Splitter {
 public:
  Splitter(std::string_view text, std::size_t base, Environment& env,
           std::vector<SimpleCommand>& out, int depth, bool substituted)
      : c_(text), base_(base), env_(env), out_(out), depth_(depth), substituted_(substituted) {}

  void run() {
    while (!c_.done() && out_.size() < max_commands) {
      std::size_t before = c_.position();
      step();
      if (c_.position() == before) c_.take();  // whatever a step does not know, it goes past
    }
    end_command();
  }

 private:
  std::size_t here() const { return base_ + c_.position(); }

  void step() {
    char ch = c_.peek();
    if (is_space(ch) && ch != '\n') {
      c_.take();
    } else if (ch == '\\' && (c_.peek(1) == '\n' || (c_.peek(1) == '\r' && c_.peek(2) == '\n'))) {
      c_.skip(c_.peek(1) == '\n' ? 2 : 3);
    } else if (ch == '#') {
      c_.line_rest();
    } else if (ch == '\n') {
      c_.take();
      end_command();
      skip_heredocs();
    } else if (ch == ';' || ch == '(' || ch == ')') {
      c_.take();
      end_command();
    } else if (ch == '&') {
      if (c_.peek(1) == '>') return redirect();
      c_.take();
      c_.take_if('&');
      end_command();
    } else if (ch == '|') {
      c_.take();
      if (c_.take_if('|')) {
        end_command();
        return;
      }
      c_.take_if('&');
      pipe_from_ = end_command();
    } else if (ch == '<' || ch == '>') {
      redirect();
    } else {
      Word w = read_word();
      if (!c_.done() && (c_.peek() == '<' || c_.peek() == '>') && !w.quoted && !w.text.empty() &&
          std::all_of(w.text.begin(), w.text.end(), is_digit))
        return;  // 2>&1
      add(std::move(w));
    }
  }

  void add(Word w) {
    if (now_.words.empty() && now_.assignments.empty()) now_.offset = w.offset;
    now_.length = w.offset + w.length - now_.offset;
    if (now_.words.empty() && !w.quoted && is_keyword(w.text)) return;
    auto [name, value, found] = split_once(w.text, "=");
    if (now_.words.empty() && found && is_name(name) && (!w.quoted || quoted_after_equals_)) {
      Assignment a{std::string(name), std::move(w)};
      a.value.text = std::string(value);
      now_.assignments.push_back(std::move(a));
      return;
    }
    now_.words.push_back(std::move(w));
  }

  // Returns the index of the command that ended, -1 when there was none.
  int end_command() {
    SimpleCommand done = std::exchange(now_, {});
    int from = std::exchange(pipe_from_, -1);
    if (done.words.empty() && done.assignments.empty())
      return pipe_from_ = from;  // a pipe goes on over a line's end
    remember(done);
    done.substituted = substituted_;
    int first = static_cast<int>(out_.size());
    if (!unwrap(done)) out_.push_back(std::move(done));
    if (static_cast<int>(out_.size()) == first) return -1;
    if (from >= 0) out_[static_cast<std::size_t>(from)].piped_into = first;
    return static_cast<int>(out_.size()) - 1;
  }

  void remember(const SimpleCommand& c) {
    auto set = [&](std::string_view name, const Word& value) {
      if (value.known && env_.size() < max_variables)
        env_.insert_or_assign(std::string(name), value.text);
      else
        env_.erase(std::string(name));
    };
    if (c.words.empty())
      for (const Assignment& a : c.assignments) set(a.name, a.value);
    if (c.words.empty() || (c.words[0].text != "export" && c.words[0].text != "readonly" &&
                            c.words[0].text != "local" && c.words[0].text != "declare"))
      return;
    for (const Word& w : c.words) {
      auto [name, value, found] = split_once(w.text, "=");
      if (!found || !is_name(name)) continue;
      Word v = w;
      v.text = value;
      set(name, v);
    }
  }

  // sh -c 'commands' is those commands.
  bool unwrap(const SimpleCommand& c) {
    if (depth_ >= max_depth) return false;
    std::size_t i = 0;
    while (i < c.words.size() &&
           (c.words[i].text == "exec" || c.words[i].text == "sudo" || c.words[i].text == "nohup"))
      ++i;
    if (i >= c.words.size()) return false;
    if (c.words[i].text == "eval" && i + 2 == c.words.size()) return inner(c.words[i + 1]);
    if (!is_shell(c.words[i].text)) return false;
    for (++i; i < c.words.size() && c.words[i].text.starts_with('-'); ++i) {
      bool command = !c.words[i].text.starts_with("--") && c.words[i].text.ends_with('c');
      if (command && i + 1 < c.words.size()) return inner(c.words[i + 1]);
      if (c.words[i].text.ends_with('o')) ++i;
    }
    return false;
  }

  bool inner(const Word& script) {
    if (!script.known && script.text.starts_with("$("))
      return false;  // its commands were seen where it stands
    std::size_t before = out_.size();
    Splitter(script.text, script.offset + (script.quoted ? 1 : 0), env_, out_, depth_ + 1,
             substituted_)
        .run();
    return out_.size() > before;
  }

  void redirect() {
    c_.take_if('&');
    bool writes = c_.peek() == '>';
    bool document = c_.starts_with("<<") && !c_.starts_with("<<<");
    if (c_.starts_with("<(") || c_.starts_with(">(")) return substitution_word();
    while (c_.peek() == '<' || c_.peek() == '>') c_.take();
    if (document) c_.take_if('-');
    c_.take_if('|');
    if (c_.take_if('&')) {  // >&2
      while (is_digit(c_.peek()) || c_.peek() == '-') c_.take();
      return;
    }
    c_.skip_blanks();
    if (c_.done() || c_.peek() == '\n') return;
    Word target = read_word();
    if (target.length == 0) {
      c_.take();
      return;
    }
    if (document)
      heredocs_.push_back(target.text);
    else if (writes)
      now_.writes_to.push_back(std::move(target));
    if (!now_.words.empty()) now_.length = here() - now_.offset;
  }

  // <(command): the word is not known, the command runs.
  void substitution_word() {
    Word w;
    w.offset = here();
    c_.take();
    c_.take();
    substitution(')', w);
    w.length = here() - w.offset;
    add(std::move(w));
  }

  void skip_heredocs() {
    for (const std::string& end : std::exchange(heredocs_, {}))
      while (!c_.done()) {
        bool last = trim(c_.line_rest()) == end;
        c_.take();
        if (last) break;
      }
  }

  Word read_word() {
    Word w;
    w.offset = here();
    quoted_after_equals_ = false;
    while (!c_.done()) {
      char ch = c_.peek();
      if (is_space(ch) || ch == ';' || ch == '|' || ch == '<' || ch == '>' || ch == ')') break;
      if (ch == '&') break;
      if (ch == '(') {
        if (w.text.ends_with('=')) {  // an array
          w.known = false;
          c_.take();
          while (!c_.done() && c_.peek() != ')') c_.take();
          c_.take();
        }
        break;
      }
      if (w.text.size() > max_word) w.known = false;
      if (ch == '\'') {
        mark_quoted(w);
        c_.take();
        while (!c_.done() && c_.peek() != '\'') append(w, c_.take());
        c_.take();
      } else if (ch == '"') {
        mark_quoted(w);
        double_quoted(w);
      } else if (ch == '\\') {
        c_.take();
        if (c_.peek() == '\n')
          c_.take();
        else
          append(w, c_.take());
      } else if (ch == '$') {
        variable(w);
      } else if (ch == '`') {
        c_.take();
        substitution('`', w);
      } else {
        append(w, c_.take());
      }
    }
    w.length = here() - w.offset;
    return w;
  }

  void mark_quoted(Word& w) {
    if (!w.quoted && contains(w.text, "=")) quoted_after_equals_ = true;
    w.quoted = true;
  }

  static void append(Word& w, char c) {
    if (w.text.size() <= max_word) w.text += c;
  }

  void double_quoted(Word& w) {
    c_.take();
    while (!c_.done() && c_.peek() != '"') {
      char ch = c_.peek();
      if (ch == '\\') {
        c_.take();
        char e = c_.peek();
        if (e == '\n') {
          c_.take();
          continue;
        }
        if (e != '"' && e != '\\' && e != '$' && e != '`') append(w, '\\');
        append(w, c_.take());
      } else if (ch == '$') {
        variable(w);
      } else if (ch == '`') {
        c_.take();
        substitution('`', w);
      } else {
        append(w, c_.take());
      }
    }
    c_.take();
  }

  void unknown(Word& w, std::size_t from) {
    w.known = false;
    for (char ch : c_.since(from)) append(w, ch);
  }

  void variable(Word& w) {
    std::size_t from = c_.position();
    c_.take();
    if (c_.starts_with("((")) {  // arithmetic
      while (!c_.done() && !c_.starts_with("))")) c_.take();
      c_.skip(2);
      return unknown(w, from);
    }
    if (c_.take_if('(')) return substitution(')', w);
    if (c_.peek() == '{') {
      int open = 0;
      std::size_t inside = c_.position() + 1;
      while (!c_.done()) {
        char ch = c_.take();
        if (ch == '{') ++open;
        if (ch == '}' && --open == 0) break;
        if (ch == '\n') break;
      }
      std::string_view body = c_.since(inside);
      if (body.ends_with('}')) body.remove_suffix(1);
      return resolve(w, body, from);
    }
    if (c_.peek() == '\'') return;  // $'...': the quotes follow
    std::size_t name = c_.position();
    if (is_digit(c_.peek()) || c_.peek() == '@' || c_.peek() == '*' || c_.peek() == '#' ||
        c_.peek() == '?' || c_.peek() == '$' || c_.peek() == '!')
      c_.take();
    else
      while (is_word(c_.peek())) c_.take();
    if (c_.position() == name) return append(w, '$');
    resolve(w, c_.since(name), from);
  }

  // "NAME", "NAME:-default", "NAME:?message" ...
  void resolve(Word& w, std::string_view body, std::size_t from) {
    std::size_t n = 0;
    while (n < body.size() && is_word(body[n])) ++n;
    std::string_view name = body.substr(0, n);
    std::string_view op = body.substr(n);
    if (auto found = env_.find(name);
        found != env_.end() && (op.empty() || op.starts_with(':') || op.starts_with('-'))) {
      for (char ch : found->second) append(w, ch);
      if (w.text.size() > max_word) w.known = false;
      return;
    }
    bool has_default = op.starts_with(":-") || op.starts_with(":=");
    if (!name.empty() && (has_default || op.starts_with('-') || op.starts_with('='))) {
      std::string_view value = op.substr(has_default ? 2 : 1);
      if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
          value.back() == value.front())
        value = value.substr(1, value.size() - 2);
      if (contains(value, "$")) return unknown(w, from);
      for (char ch : value) append(w, ch);
      return;
    }
    unknown(w, from);
  }

  // The commands inside run too; what they print is not known.
  void substitution(char close, Word& w) {
    std::size_t from = c_.position();
    std::size_t start = here();
    int open = 1;
    char quote = '\0';
    while (!c_.done()) {
      char ch = c_.peek();
      if (ch == '\\') {
        c_.skip(2);
        continue;
      }
      if (quote != '\0') {
        if (ch == quote) quote = '\0';
      } else if (ch == '\'' || (ch == '"' && close == ')')) {
        quote = ch;
      } else if (ch == close && --open == 0) {
        break;
      } else if (ch == '(' && close == ')') {
        ++open;
      }
      c_.take();
    }
    std::string_view body = c_.since(from);
    c_.take();
    w.known = false;
    append(w, '$');
    append(w, '(');
    for (char ch : body) append(w, ch);
    append(w, ')');
    if (depth_ < max_depth) Splitter(body, start, env_, out_, depth_ + 1, true).run();
  }

  TextCursor c_;
  std::size_t base_;
  Environment& env_;
  std::vector<SimpleCommand>& out_;
  int depth_;
  bool substituted_;
  bool quoted_after_equals_ = false;
  SimpleCommand now_;
  int pipe_from_ = -1;
  std::vector<std::string> heredocs_;
};

}  // namespace

std::vector<SimpleCommand> split_commands(std::string_view text, const Environment& env) {
  std::vector<SimpleCommand> out;
  Environment variables = env;
  Splitter(text, 0, variables, out, 0, false).run();
  return out;
}

Word expand(std::string_view text, const Environment& env) {
  Word w;
  w.length = text.size();
  TextCursor c(text);
  while (!c.done() && w.text.size() <= max_word) {
    std::size_t from = c.position();
    if (c.take_if("$$")) {
      w.text += '$';
      continue;
    }
    if (c.peek() != '$' || !(is_word(c.peek(1)) || c.peek(1) == '{')) {
      w.text += c.take();
      continue;
    }
    c.take();
    std::string_view body;
    if (c.take_if('{')) {
      std::size_t inside = c.position();
      while (!c.done() && c.peek() != '}' && c.peek() != '\n') c.take();
      body = c.since(inside);
      c.take_if('}');
    } else {
      std::size_t name = c.position();
      while (is_word(c.peek())) c.take();
      body = c.since(name);
    }
    std::size_t n = 0;
    while (n < body.size() && is_word(body[n])) ++n;
    std::string_view op = body.substr(n);
    if (auto found = env.find(body.substr(0, n)); found != env.end()) {
      w.text += found->second;
    } else if (op.starts_with(":-") || op.starts_with('-')) {
      w.text += op.substr(op[0] == ':' ? 2 : 1);
    } else {
      w.text += c.since(from);
      w.known = false;
    }
  }
  return w;
}

}  // namespace parapet
