// Keras configurations: config.json and metadata.json of a .keras archive, model_config and
// training_config of an HDF5 file, the text of to_json(). They come here as files of their own.
// https://keras.io/api/models/model_saving_apis/
#include <algorithm>

#include "base/text.h"
#include "formats/format.h"
#include "formats/keras/config.h"
#include "syntax/json.h"

namespace parapet::formats {
namespace {

constexpr std::size_t longest = 64U << 20U, most_nodes = 500'000;
constexpr std::size_t head = 4096, tail = 66U << 10U;

bool is_metadata(std::string_view text) {
  return contains(text, "\"keras_version\"") && contains(text, "\"date_saved\"");
}

// The names under which Keras itself looks for a configuration.
bool has_own_name(std::string_view name) {
  for (std::string_view n : {"config.json", "model_config", "training_config"})
    if (equals_ignoring_case(name, n)) return true;
  return false;
}

bool recognises(const Artifact& a) {
  std::string_view text = as_text(a.bytes);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  auto start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || text[start] != '{') return false;
  std::string_view front = text.substr(start, head);
  if (is_metadata(front)) return true;
  // Where Keras reads it, padding in front of the first object must not hide it. An escaped key is
  // a key like any other.
  if (has_own_name(file_name(a.name)))
    return contains(text, "class_name") || contains(text.substr(0, longest), "\\u00");
  // Other JSON is read as a whole by its own format, so that looking through it adds little.
  std::string_view back = text.size() > tail ? text.substr(text.size() - tail) : text;
  if (extension(a.name) == "json") front = text.substr(0, longest);
  for (std::string_view part : {front, back})
    if (contains(part, "\"class_name\"") &&
        (contains(part, "\"config\"") || contains(part, "\"registered_name\"")))
      return true;
  return false;
}

bool has_objects(const Node& n, unsigned depth) {
  if (n.is_map() && n.at("class_name") != nullptr) return true;
  if (depth > 3) return false;
  return std::any_of(n.items.begin(), n.items.end(),
                     [&](const Node& item) { return has_objects(item, depth + 1); });
}

// Other programs call things class_name too: only a whole model, a place where Keras looks, or
// Keras's own words make a configuration.
bool is_config(const Node& root, const Artifact& a) {
  if (!has_objects(root, 0)) return false;
  const Node* config = root.at("config");
  if (root.at("class_name") != nullptr && config != nullptr && config->is_map()) return true;
  std::string_view text = as_text(a.bytes);
  return has_own_name(file_name(a.name)) || contains(text, "__lambda__") ||
         contains(text, "\"keras");
}

void metadata(const Node& root, Sink& sink) {
  for (std::size_t i = 0; i < root.items.size() && i < 100 && sink.next(); ++i) {
    if (!root.items[i].is_scalar()) continue;
    Fact f{"metadata",
           {},
           root.items[i].place(root.keys[i].text),
           printable(root.keys[i].text, 60) + ": " + printable(root.items[i].text, 120)};
    f.set("key", root.keys[i].text).set("value", root.items[i].text.substr(0, 400));
    f.set("format", "keras");
    sink.add(std::move(f));
  }
}

void parse(const Artifact& a, Sink& sink) {
  std::string_view text = as_text(a.bytes);
  std::size_t nodes = 0;
  Parsed parsed;
  if (text.size() <= longest)
    parsed = parse_json(text, [&] { return ++nodes <= most_nodes && sink.next(); });
  else
    parsed.fail("longer than 64 MiB", {});
  bool any = false;
  for (const Document& d : parsed.documents) {
    if (is_config(d.root, a)) {
      any = true;
      keras::read_config(a, sink, d.root);
    } else if (d.root.at("keras_version") != nullptr) {
      any = true;
      metadata(d.root, sink);
    }
  }
  if (!parsed.ok() && (any || contains(text, "class_name"))) {
    any = true;
    sink.partly(parsed.problem);
    keras::read_unstructured(text, 0, sink);
  }
  for (const Note& n : parsed.notes)
    if (any && extension(a.name) != "json")  // whose own format says it
      sink.anomaly(n.name, n.says, n.at);
  if (any) sink.is("keras");
}

}  // namespace

extern const Format keras;
const Format keras{"keras",
                   1,
                   "Keras configurations: code, functions and files that loading reaches",
                   "https://keras.io/api/models/model_saving_apis/",
                   recognises,
                   parse};

}  // namespace parapet::formats
