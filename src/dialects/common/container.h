#pragma once
// What the dialects of containers share: images, environments, command lines in trees, published
// ports.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/shell.h"
#include "base/text.h"
#include "model/artifact.h"
#include "model/sink.h"

namespace parapet::dialects {

// Places of parts of a scalar's text in the artifact.
class Source {
 public:
  explicit Source(const Artifact& artifact) : text_(as_text(artifact.bytes)) {}
  // Exact for one-line scalars and literal blocks; the whole node where the text was folded.
  Place part(const Node& scalar, std::size_t offset, std::size_t length);
  Place between(std::uint64_t begin, std::uint64_t end);

 private:
  const LineIndex& lines();
  std::string_view text_;
  std::optional<LineIndex> lines_;
};

// A value as a word: not known when it holds ${X} or {{ x }}.
Word word_of(const Node& scalar);
bool is_known(std::string_view value);

// image{ref, name, tag, digest, pinned, registry}.
Fact image_fact(std::string_view ref, bool known, std::string_view via, Place place);
// "registry/org/name" without tag and digest.
std::string image_name(std::string_view ref);
// The words that an image's entry point puts before a command whose first word is `first` (empty:
// no command is given). Empty where that is not known or the command names its program itself.
std::vector<Word> implied_program(std::string_view image, std::string_view first);

// A variable of a container: env.NAME, and env_secret when the file holds a secret's value.
void set_env(Fact& container, std::string_view name, std::string_view value, bool known);

// A container's command: a list (exec form) or a text for a shell. `prefix` stands before it.
struct ContainerCommand {
  std::vector<Word> prefix;    // the words before it: an entry point
  const Node* node = nullptr;  // scalar or list; may be null when prefix is not
  bool text_is_shell = true;   // a scalar is shell text; otherwise it is split into words only
  std::string_view via;
  std::int32_t of = -1;
  std::vector<Assignment> given;  // the container's variables
  Environment env;                // what $X in words resolves to
  Place place;                    // where there is no node
};
std::vector<std::int32_t> add_command(Sink& sink, Source& source, const ContainerCommand& command);

// "8080:80" "127.0.0.1:80:80/tcp": how far the published port reaches and which port inside it is.
struct Published {
  std::string inside;
  std::string_view reach;  // host or network; empty when not published
};
Published read_port(std::string_view port);
// The least value that is not below both.
std::string_view farther(std::string_view a, std::string_view b);

// The scalars of a list, or the one scalar.
std::vector<const Node*> scalars(const Node* n);
void set_list(Fact& f, std::string_view name, const Node* list);
bool is_true(const Node* n);

}  // namespace parapet::dialects
