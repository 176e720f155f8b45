#include "dialects/common/container.h"

#include <algorithm>

#include "base/secret_names.h"
#include "model/commands.h"
#include "model/process.h"

namespace parapet::dialects {

const LineIndex& Source::lines() {
  if (!lines_) lines_.emplace(text_);
  return *lines_;
}

Place Source::between(std::uint64_t begin, std::uint64_t end) {
  begin = std::min<std::uint64_t>(begin, text_.size());
  end = std::clamp<std::uint64_t>(end, begin, text_.size());
  LineColumn at = lines().at(begin);
  return {begin, end - begin, at.line, at.column, {}};
}

Place Source::part(const Node& n, std::size_t offset, std::size_t length) {
  if (offset > n.text.size()) return n.place();
  length = std::min(length, n.text.size() - offset);
  if (n.length == n.text.size()) return between(n.offset + offset, n.offset + offset + length);
  bool in_quotes = n.quoted && n.length == n.text.size() + 2;
  if (in_quotes) return between(n.offset + 1 + offset, n.offset + 1 + offset + length);
  bool literal = n.quoted && n.offset < text_.size() && text_[n.offset] == '|';
  if (!literal) return n.place();
  std::string_view before = std::string_view(n.text).substr(0, offset);
  auto row = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  auto row_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  std::string_view row_text = std::string_view(n.text).substr(row_start);
  row_text = row_text.substr(0, row_text.find('\n'));
  if (n.line + 1 + row > lines().lines()) return n.place();
  std::uint64_t start = lines().start_of(n.line + 1 + row);
  std::string_view line = text_.substr(start);
  auto indent = line.substr(0, line.find('\n')).find(row_text.substr(0, 60));
  if (indent == std::string_view::npos) return n.place();
  start += indent + (offset - row_start);
  // Over several lines the indentation is counted too.
  std::string_view part = std::string_view(n.text).substr(offset, length);
  auto more = static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
  return between(start, start + length + more * indent);
}

bool is_known(std::string_view v) {
  return !contains(v, "${") && !contains(v, "{{") && !contains(v, "$(");
}

Word word_of(const Node& n) { return {n.text, 0, n.text.size(), is_known(n.text), n.quoted}; }

std::string image_name(std::string_view ref) {
  ref = ref.substr(0, ref.find('@'));
  auto slash = ref.rfind('/');
  auto colon = ref.find(':', slash == std::string_view::npos ? 0 : slash);
  return std::string(ref.substr(0, colon));
}

Fact image_fact(std::string_view ref, bool known, std::string_view via, Place place) {
  Fact f{"image", {}, std::move(place), printable(ref)};
  f.set("ref", ref, known);
  std::string name = image_name(ref);
  f.set("name", name, is_known(name));
  std::string_view rest = ref.substr(std::min(name.size(), ref.size()));
  auto [tag, digest, has_digest] = split_once(rest, "@");
  if (tag.starts_with(':')) tag.remove_prefix(1);
  if (!tag.empty()) f.set("tag", tag, is_known(tag));
  if (has_digest) f.set("digest", digest);
  if (known || has_digest || tag == "latest")
    f.set("pinned", has_digest ? "digest" : tag.empty() || tag == "latest" ? "latest" : "tag");
  auto slash = name.find('/');
  std::string first = name.substr(0, slash);
  bool host = slash != std::string::npos &&
              (contains(first, ".") || contains(first, ":") || first == "localhost");
  f.set("registry", host ? first : "docker.io", is_known(first));
  return f.set("via", via);
}

std::vector<Word> implied_program(std::string_view image, std::string_view first) {
  struct Row {
    std::string_view image;
    std::string_view program;  // before a subcommand
    std::string_view flags;    // before flags
    std::string_view bare;     // when there is no command
  };
  // What the images' own documentation says their entry point is.
  static constexpr Row rows[] = {
      {"vllm/vllm-openai", "vllm", "vllm serve", "vllm serve"},
      {"huggingface/text-generation-inference", "", "text-generation-launcher",
       "text-generation-launcher"},
      {"huggingface/text-embeddings-inference", "", "text-embeddings-router",
       "text-embeddings-router"},
      {"berriai/litellm", "", "litellm", "litellm"},
      {"ollama/ollama", "ollama", "ollama", "ollama serve"},
      {"pytorch/torchserve", "", "torchserve", "torchserve"},
      {"ggml-org/llama.cpp", "", "llama-server", "llama-server"},
      {"ggerganov/llama.cpp", "", "llama-server", "llama-server"},
      {"tensorflow/serving", "", "tensorflow_model_server", "tensorflow_model_server"},
      {"minio/minio", "minio", "minio", ""},
      {"apache/airflow", "airflow", "airflow", ""},
      {"redis", "", "redis-server", "redis-server"},
      {"argoproj/argocli", "argo", "argo", ""}};
  constexpr std::string_view subcommands[] = {"serve",     "server",     "webserver", "api-server",
                                              "scheduler", "standalone", "triggerer", "celery"};
  std::string name = image_name(image);
  std::string_view words;
  for (const Row& r : rows) {
    if (name != r.image && !name.ends_with("/" + std::string(r.image))) continue;
    bool sub =
        std::find(std::begin(subcommands), std::end(subcommands), first) != std::end(subcommands);
    if (first.empty())
      words = r.bare;
    else if (first.starts_with('-') || first.starts_with('$'))
      words = r.flags;
    else if (sub)
      words = r.program;
  }
  if ((name.starts_with("jupyter/") || name.starts_with("quay.io/jupyter/")) && first.empty())
    words = "jupyter lab --ip=0.0.0.0";
  std::vector<std::string> out;
  if (!words.empty())
    for (std::string_view w : split(words, ' ')) out.emplace_back(w);
  return words_of(out);
}

void set_env(Fact& container, std::string_view name, std::string_view value, bool known) {
  container.set("env." + std::string(name), value, known);
  if (is_literal_secret(name, value, known)) container.set("env_secret", name);
}

namespace {

bool is_shell_word(std::string_view w) {
  std::string_view name = file_name(w);
  return name == "sh" || name == "bash" || name == "ash" || name == "zsh" || name == "dash";
}

// ["sh", "-c", "script"]: the node of the script.
const Node* script_of(const std::vector<const Node*>& items, std::size_t prefix_words) {
  if (prefix_words != 0 || items.empty() || !is_shell_word(items[0]->text)) return nullptr;
  for (std::size_t i = 1; i + 1 < items.size(); ++i) {
    if (!items[i]->text.starts_with('-')) return nullptr;
    if (!items[i]->text.starts_with("--") && items[i]->text.ends_with('c')) return items[i + 1];
  }
  return nullptr;
}

std::string line_of(const std::vector<Word>& words) {
  std::string out;
  for (const Word& w : words) {
    if (!out.empty()) out += ' ';
    bool plain = !w.text.empty() && w.text.find_first_of(" \t\n\"'") == std::string::npos;
    out += plain ? w.text : "'" + w.text + "'";
  }
  return out;
}

void resolve(Word& w, const ContainerCommand& c) {
  // Kubernetes writes $(NAME), everybody else ${NAME}.
  if (w.text.find('$') == std::string::npos) return;
  std::string text = w.text;
  for (std::size_t i = text.find("$("); i != std::string::npos; i = text.find("$(", i + 2))
    if (auto close = text.find(')', i); close != std::string::npos)
      text[i + 1] = '{', text[close] = '}';
  Word e = expand(text, c.env);
  w.text = e.known ? e.text : w.text;
  w.known = e.known;
}

}  // namespace

std::vector<std::int32_t> add_command(Sink& sink, Source& source, const ContainerCommand& c) {
  std::vector<Word> words = c.prefix;
  auto shell_text = [&](const Node& n, std::string_view text) {
    CommandText t{text,
                  c.via,
                  [&](std::size_t offset, std::size_t length) { return source.part(n, offset, length); },
                  c.of,
                  c.env,
                  c.given};
    return add_processes(sink, t);
  };
  // An entry point of ["sh", "-c"] makes the command's first word a script.
  if (words.size() >= 2 && is_shell_word(words[0].text) && words.back().text.starts_with('-') &&
      words.back().text.ends_with('c'))
    if (std::vector<const Node*> items = scalars(c.node); !items.empty())
      return shell_text(*items[0], items[0]->text);
  Place place = c.place;
  if (c.node != nullptr && c.node->is_list()) {
    std::vector<const Node*> items = scalars(c.node);
    if (const Node* script = script_of(items, words.size()))
      return shell_text(*script, script->text);
    for (const Node* n : items) words.push_back(word_of(*n));
    if (!items.empty())
      place = source.between(items.front()->offset, items.back()->offset + items.back()->length);
  } else if (c.node != nullptr && c.node->is_scalar()) {
    if (c.text_is_shell && words.empty()) return shell_text(*c.node, c.node->text);
    std::vector<SimpleCommand> split = split_commands(c.node->text, c.env);
    for (const SimpleCommand& cmd : split)
      words.insert(words.end(), cmd.words.begin(), cmd.words.end());
    place = c.node->place();
  }
  if (words.empty()) return {};
  for (Word& w : words) resolve(w, c);
  Fact f = process_fact(understand(words, c.given), line_of(words), c.via, std::move(place));
  f.of = c.of;
  return {sink.add(std::move(f))};
}

Published read_port(std::string_view port) {
  port = port.substr(0, port.find('/'));
  auto last = port.rfind(':');
  if (last == std::string_view::npos)
    return {std::string(port), "network"};  // a free port of the host
  std::string_view host = port.substr(0, last);
  bool loopback =
      host.starts_with("127.") || host.starts_with("localhost:") || host.starts_with("[::1]");
  return {std::string(port.substr(last + 1)), loopback ? "host" : "network"};
}

std::string_view farther(std::string_view a, std::string_view b) {
  auto rank = [](std::string_view r) {
    return std::find(std::begin(reach_scale), std::end(reach_scale), r) - std::begin(reach_scale);
  };
  if (a.empty()) return b;
  if (b.empty()) return a;
  return rank(a) > rank(b) ? a : b;
}

std::vector<const Node*> scalars(const Node* n) {
  std::vector<const Node*> out;
  if (n == nullptr) return out;
  if (n->is_scalar()) out.push_back(n);
  if (n->is_list())
    for (const Node& x : n->items)
      if (x.is_scalar()) out.push_back(&x);
  return out;
}

void set_list(Fact& f, std::string_view name, const Node* list) {
  for (const Node* n : scalars(list)) f.set(name, n->text, is_known(n->text));
}

bool is_true(const Node* n) {
  return n != nullptr && n->is_scalar() &&
         (equals_ignoring_case(n->text, "true") || equals_ignoring_case(n->text, "yes"));
}

}  // namespace parapet::dialects
