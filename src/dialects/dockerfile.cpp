// What a Dockerfile builds: the image's container, the programs it runs now and later.
// https://docs.docker.com/reference/dockerfile/
#include <map>

#include "base/secret_names.h"
#include "dialects/common/container.h"
#include "dialects/dialect.h"
#include "model/commands.h"

namespace parapet::dialects {
namespace {

struct Stage {
  std::string name, image;
  const Node* from = nullptr;
  bool known = true;
  int base = -1;  // the stage it builds on
  std::vector<const Node*> instructions;
};

std::string_view name_of(const Node& instruction) { return instruction.text_at("instruction"); }
const Node* args_of(const Node& instruction) { return instruction.at("args"); }

// "A=1 B='x y'" or the old form "A the rest".
std::vector<Assignment> pairs(const Node& args, const Environment& env, bool old_form) {
  std::vector<Assignment> out;
  std::vector<SimpleCommand> commands = split_commands(args.text, env);
  std::string_view text = trim(args.text);
  auto first = text.substr(0, text.find_first_of(" \t\n"));
  if (old_form && !contains(first, "=")) {
    Word w = expand(trim(text.substr(first.size())), env);
    out.push_back({std::string(first), std::move(w)});
    return out;
  }
  for (SimpleCommand& c : commands) {
    for (Assignment& a : c.assignments) out.push_back(std::move(a));
    for (Word& w : c.words) {
      auto [name, value, found] = split_once(w.text, "=");
      Word v = w;
      v.text = std::string(value);
      v.known = v.known && found;
      out.push_back({std::string(name), std::move(v)});
    }
  }
  return out;
}

class Build {
 public:
  Build(const Artifact& a, const Node& root, Sink& sink) : source_(a), sink_(sink) {
    split_stages(root);
  }

  void run() {
    if (stages_.empty()) return;
    for (std::size_t i = 0; i < stages_.size() && sink_.next(); ++i) read_stage(i);
  }

 private:
  struct State {
    Environment env;  // ENV and ARG, for $X
    std::vector<Assignment> given;
    std::string user;
    bool user_known = true;
    const Node* entry = nullptr;
    const Node* cmd = nullptr;
  };

  void split_stages(const Node& root) {
    for (const Node& n : root.items) {
      const Node* args = args_of(n);
      if (args == nullptr) continue;
      if (name_of(n) == "ARG" && stages_.empty())
        for (Assignment& a : pairs(*args, global_, false))
          if (a.value.known) global_.insert_or_assign(a.name, a.value.text);
      if (name_of(n) != "FROM") {
        if (!stages_.empty()) stages_.back().instructions.push_back(&n);
        continue;
      }
      Stage s;
      std::vector<SimpleCommand> words = split_commands(args->text, global_);
      if (!words.empty() && !words[0].words.empty()) {
        s.image = words[0].words[0].text;
        s.known = words[0].words[0].known;
        if (words[0].words.size() > 2) s.name = lower(words[0].words[2].text);
      }
      s.from = args;
      if (auto found = by_name_.find(lower(s.image)); found != by_name_.end())
        s.base = found->second;
      by_name_[std::to_string(stages_.size())] = static_cast<int>(stages_.size());
      if (!s.name.empty()) by_name_[s.name] = static_cast<int>(stages_.size());
      stages_.push_back(std::move(s));
    }
  }

  void read_stage(std::size_t index) {
    const Stage& s = stages_[index];
    bool last = index + 1 == stages_.size();
    State state = s.base >= 0 ? states_[static_cast<std::size_t>(s.base)] : State{};
    std::int32_t container = -1;
    if (last) {
      const Stage* root = &s;  // the image under the stages
      while (root->base >= 0) root = &stages_[static_cast<std::size_t>(root->base)];
      Fact c{
          "container", {}, s.from->place(), "the image built from " + printable(root->image, 100)};
      c.set("image", root->image, root->known).set("via", "dockerfile");
      container = sink_.add(std::move(c));
    }
    if (s.base < 0 && s.image != "scratch") {
      Fact f = image_fact(s.image, s.known, "dockerfile", s.from->place());
      f.of = container;
      sink_.add(std::move(f));
    }
    for (const Node* n : s.instructions) {
      if (!sink_.next()) return;
      read_instruction(*n, state, container, last);
    }
    if (last) finish(s, state, container);
    states_.push_back(std::move(state));
  }

  void read_instruction(const Node& n, State& state, std::int32_t container, bool last) {
    std::string_view name = name_of(n);
    const Node& args = *args_of(n);
    if (name == "ENV" || name == "ARG") {
      for (Assignment& a : pairs(args, state.env, name == "ENV")) {
        if (name == "ARG" && !a.value.known)
          if (auto found = global_.find(a.name); found != global_.end())
            a.value.text = found->second, a.value.known = true;
        if (a.value.known) state.env.insert_or_assign(a.name, a.value.text);
        if (name == "ENV") state.given.push_back(a);
        if (is_literal_secret(a.name, a.value.text, a.value.known) && !last) {
          Fact f{"setting",
                 {},
                 args.place(),
                 "an earlier stage holds the variable " + printable(a.name, 80)};
          sink_.add(f.set("product", "docker")
                        .set("key", name == "ENV" ? "env_secret" : "arg_secret")
                        .set("value", a.name));
        }
        if (!last) continue;
        Fact& c = sink_.fact(container);
        if (name == "ENV")
          set_env(c, a.name, a.value.text, a.value.known);
        else if (secret_named(a.name))
          c.set(
              is_literal_secret(a.name, a.value.text, a.value.known) ? "env_secret" : "arg_secret",
              a.name);
      }
    } else if (name == "USER") {
      Word w = expand(args.text, state.env);
      state.user = w.text.substr(0, w.text.find(':'));
      state.user_known = w.known;
    } else if (name == "EXPOSE" && last) {
      for (std::string_view p : split(args.text, ' '))
        if (!trim(p).empty()) sink_.fact(container).set("expose", trim(p), is_known(p));
    } else if (name == "RUN") {
      run_instruction(n, args, state, container);
    } else if (name == "ADD" || name == "COPY") {
      copy_instruction(n, args, name);
    } else if (name == "ENTRYPOINT") {
      state.entry = &args;
      state.cmd = nullptr;  // an entry point resets the CMD of the base
    } else if (name == "CMD") {
      state.cmd = &args;
    }
  }

  void run_instruction(const Node& n, const Node& args, const State& state,
                       std::int32_t container) {
    ContainerCommand c;
    c.node = &args;
    c.via = "dockerfile";
    c.of = container;
    c.env = state.env;
    if (n.at("heredocs") == nullptr) {
      add_command(sink_, source_, c);
      return;
    }
    for (const Node& body : n.at("heredocs")->items) {
      c.node = &body;
      add_command(sink_, source_, c);
    }
  }

  void copy_instruction(const Node& n, const Node& args, std::string_view name) {
    const Node* flags = n.at("flags");
    if (flags != nullptr && flags->at("from") != nullptr) return;
    std::vector<std::string> words;
    for (const Node* w : scalars(args.is_list() ? &args : nullptr)) words.push_back(w->text);
    if (args.is_scalar())
      for (const SimpleCommand& c : split_commands(args.text))
        for (const Word& w : c.words) words.push_back(w.text);
    if (words.size() < 2) return;
    words.pop_back();
    for (const std::string& w : words) {
      if (contains(w, "://")) {
        Fact f{"dataset", {}, args.place(), std::string(name) + " " + printable(w, 160)};
        f.set("url", w, is_known(w))
            .set("scheme", w.substr(0, w.find("://")))
            .set("fetcher", "docker-add");
        sink_.add(
            f.set("hash", flags != nullptr && flags->at("checksum") != nullptr ? "yes" : "no"));
      } else {
        Fact f{"setting", {}, args.place(), std::string(name) + " " + printable(w, 160)};
        sink_.add(f.set("product", "docker").set("key", "copy").set("value", w, is_known(w)));
      }
    }
  }

  void finish(const Stage& s, const State& state, std::int32_t container) {
    if (!state.user.empty()) sink_.fact(container).set("user", state.user, state.user_known);
    ContainerCommand c;
    c.via = "dockerfile";
    c.of = container;
    c.env = state.env;
    c.given = state.given;
    c.place = s.from->place();
    if (state.entry != nullptr && state.entry->is_scalar()) {
      c.node = state.entry;  // the shell form ignores CMD
    } else if (state.entry != nullptr && state.cmd != nullptr) {
      for (const Node* n : scalars(state.entry)) c.prefix.push_back(word_of(*n));
      c.node = state.cmd;
    } else if (state.entry != nullptr) {
      c.node = state.entry;
    } else {
      c.node = state.cmd;
      std::vector<const Node*> words = scalars(state.cmd);
      if (s.known)
        c.prefix = implied_program(
            s.image, words.empty() ? std::string_view() : std::string_view(words[0]->text));
    }
    add_command(sink_, source_, c);
  }

  Source source_;
  Sink& sink_;
  Environment global_;  // ARG before the first FROM
  std::vector<Stage> stages_;
  std::vector<State> states_;
  std::map<std::string, int, std::less<>> by_name_;
};

void read(const Artifact& a, std::span<const Document> documents, Sink& sink) {
  for (const Document& d : documents)
    if (d.syntax == "dockerfile") Build(a, d.root, sink).run();
}

}  // namespace

extern const Dialect dockerfile;
const Dialect dockerfile{"dockerfile", "What a Dockerfile builds and runs", read, nullptr};

}  // namespace parapet::dialects
