#include "formats/hdf5/walk.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "formats/hdf5/attributes.h"
#include "formats/hdf5/contents.h"
#include "formats/hdf5/links.h"
#include "formats/reference/reference.h"

namespace parapet::hdf5 {
namespace {

constexpr std::size_t most_tensors = 2000, most_attributes = 2000, most_references = 2000;
constexpr std::size_t longest_path = 1000, longest_value = 400;
constexpr std::uint64_t most_elements = 10'000;  // of an attribute, looked into one by one
// What Keras refuses: more than 4 GiB of shape, and more than a thousand times what is stored.
constexpr std::uint64_t large_shape = 4ULL << 30U, shape_ratio = 1000;

class Walk {
 public:
  explicit Walk(File& file) : file_(file), sink_(file.sink), heap_(file), contents_(file) {}

  void run(std::uint64_t root) {
    Fact model{"model", {}, {file_.base, 8, 0, 0, {}}, "an HDF5 file"};
    model.set("format", "hdf5").set("name", file_name(file_.artifact.name));
    model_ = sink_.add(std::move(model));
    std::string_view name = file_.artifact.name;
    if (name.ends_with(".weights.h5") || contains(name, ".keras!/")) loader_ = "keras";
    enter(root, "");
    // No recursion: a chain of groups is as long as its author likes.
    while (!todo_.empty() && sink_.next()) {
      Todo next = std::move(todo_.back());
      todo_.pop_back();
      object(next.address, next.path);
    }
    if (variable_)
      heap_.each([&](Cursor c) {
        contents_.look(c, "heap@" + std::to_string(c.offset()), Contents::As::bytes);
      });
    contents_.search_the_rest();
    if (!loader_.empty() && model_ >= 0) sink_.fact(model_).set("loader", loader_);
    auto cut = [&](std::size_t n, std::size_t most, const char* what) {
      if (n > most)
        sink_.partly("only the first " + std::to_string(most) + " " + what +
                     " are listed; all were looked at");
    };
    cut(tensors_, most_tensors, "datasets");
    cut(attributes_, most_attributes, "attributes");
    cut(soft_links_, most_references, "soft links");
    cut(references_, most_references, "references to other files");
  }

 private:
  struct Todo {
    std::uint64_t address;
    std::string path;
  };

  void enter(std::uint64_t address, std::string path) {
    if (address == no_address || !file_.first_visit(address)) return;
    todo_.push_back({address, std::move(path)});
  }

  void object(std::uint64_t address, const std::string& path) {
    std::vector<Message> header = read_header(file_, address);
    if (is_group(header)) {
      std::size_t first = todo_.size();
      read_links(file_, header, [&](Link&& link) { follow(link, path); });
      std::reverse(todo_.begin() + static_cast<std::ptrdiff_t>(first), todo_.end());
    }
    read_attributes(file_, header, [&](const Attribute& a) { attribute(a, path); });
    if (is_dataset(header)) dataset(header, address, path);
  }

  void follow(const Link& link, const std::string& path) {
    std::string name = path.empty() ? link.name : path + "/" + link.name;
    if (name.size() > longest_path) name.resize(longest_path);
    if (link.name == "vars" || (path.empty() && (link.name == "model_weights" ||
                                                 link.name == "_layer_checkpoint_dependencies")))
      loader_ = "keras";
    if (link.kind == Link::Kind::hard) return enter(link.address, std::move(name));
    if (link.kind == Link::Kind::other)
      return sink_.partly("a link of a kind that only a plug-in reads");
    bool outside = link.kind == Link::Kind::external;
    refer(outside ? "external-link" : "soft-link", outside ? link.file : link.target, name,
          outside ? reference::problem_of(link.file) : "", link.place,
          outside ? printable(name, 80) + " is read from " + printable(link.target, 80) +
                        " in the file " + printable(link.file, 120)
                  : printable(name, 80) + " stands for " + printable(link.target, 120));
  }

  void refer(std::string_view what, std::string_view target, std::string_view object,
             std::string_view problem, Place place, std::string says) {
    // What leaves the file is told however many harmless links stand in front of it.
    if (++(what == "soft-link" ? soft_links_ : references_) > most_references) return;
    Fact f{"reference", {}, std::move(place), std::move(says), model_};
    f.set("what", what).set("target", target).set("object", object).set("format", "hdf5");
    if (!problem.empty()) f.set("problem", problem);
    sink_.add(std::move(f));
  }

  // One text of an attribute, trailing zeros off.
  Cursor text_of(const Attribute& a, Cursor& data) {
    if (a.type.kind == Datatype::Class::variable) {
      Cursor c = heap_.open(data);
      file_.finish(c);
      return c;
    }
    return data.sub(a.type.size);
  }

  void attribute(const Attribute& a, const std::string& path) {
    if (path.empty()) root_attribute(a.name);
    std::uint64_t n = a.space.count().value_or(0);
    bool text = a.type.kind == Datatype::Class::text || a.type.kind == Datatype::Class::opaque ||
                a.type.kind == Datatype::Class::variable;
    std::string name = path.empty() ? a.name : path + "@" + a.name;
    variable_ = variable_ || (a.type.elements_are_variable && !text);
    std::string value;
    Cursor data = a.data;
    if (a.type.size == 0) return;
    if (n > most_elements) sink_.partly("an attribute of more elements than are looked into");
    if (!text) {
      if (n == 1 && a.type.kind == Datatype::Class::integer && a.type.size <= 8)
        value = std::to_string(number(data, a.type.size));
      else
        contents_.look(a.data, name, Contents::As::bytes);
    }
    for (std::uint64_t i = 0; text && i < n && i < most_elements && data.ok() && sink_.next();
         ++i) {
      Cursor part = text_of(a, data);
      if (!part.ok()) continue;
      contents_.look(part, n == 1 ? name : name + "[" + std::to_string(i) + "]",
                     path.empty() ? Contents::As::config : Contents::As::text);
      std::string_view s = part.text(part.left());
      if (value.size() < longest_value && i < 16)
        value +=
            (i == 0 ? "" : ", ") + std::string(s.substr(0, s.find('\0')).substr(0, longest_value));
    }
    file_.finish(data);
    if (value.empty() || !looks_like_text(as_bytes(value)) || ++attributes_ > most_attributes)
      return;
    if (value.size() > longest_value) value.resize(longest_value);
    Fact f{"metadata",
           {},
           {a.data.offset(), a.data.left(), 0, 0, {}},
           printable(name, 80) + ": " + printable(value, 120),
           model_};
    f.set("key", name).set("value", value).set("format", "hdf5");
    sink_.add(std::move(f));
  }

  // Which library reads the file: its own marks say so.
  void root_attribute(std::string_view name) {
    for (std::string_view mark : {"model_config", "keras_version", "layer_names", "weight_names"})
      if (name == mark) loader_ = "keras";
    if (loader_.empty() && name == "PYTABLES_FORMAT_VERSION") loader_ = "pytables";
  }

  void dataset(const std::vector<Message>& header, std::uint64_t address, const std::string& path) {
    Dataset d = read_dataset(file_, heap_, header);
    std::uint64_t bytes = d.bytes().value_or(0);
    Place place = d.storage.place;
    if (place.length == 0) place = {file_.base + address, 0, 0, 0, path};
    std::string who = "dataset " + printable(path.empty() ? "/" : path, 80);
    check_shape(d, who, place);
    for (const Source& s : d.external) outside(d, s, path, who, place);
    contents_.look_into(d, path.empty() ? "data" : path);
    variable_ = variable_ || d.type.elements_are_variable;
    if (d.type.kind == Datatype::Class::text && bytes <= longest_value) short_text(d, path);
    if (++tensors_ > most_tensors) return;
    Fact f{"tensor", {}, place, who + " [" + d.space.text() + "]", model_};
    f.set("name", path).set("dtype", d.type.name).set("shape", d.space.text());
    f.set("bytes", std::to_string(bytes));
    sink_.add(std::move(f));
  }

  void short_text(const Dataset& d, const std::string& path) {
    if (d.storage.place.length == 0 || ++attributes_ > most_attributes) return;
    Cursor c(file_.artifact.bytes);
    c.seek(d.storage.place.offset);
    std::string_view s = c.text(d.storage.place.length);
    s = s.substr(0, s.find('\0'));
    if (s.empty() || !looks_like_text(as_bytes(s))) return;
    Fact f{"metadata", {}, d.storage.place, printable(path, 80) + ": " + printable(s, 120), model_};
    f.set("key", path).set("value", s).set("format", "hdf5");
    sink_.add(std::move(f));
  }

  void outside(const Dataset& d, const Source& s, const std::string& path, const std::string& who,
               const Place& place) {
    bool is_virtual = d.storage.kind == Storage::Kind::virtual_sources;
    refer(is_virtual ? "external-data" : "external-storage", s.file, path,
          reference::problem_of(s.file), place,
          who +
              (is_virtual ? " takes its values from " + printable(s.object, 80) + " in the file "
                          : " reads its bytes from the file ") +
              printable(s.file, 120));
  }

  // A small file that stands for a huge array stops whoever allocates it.
  void check_shape(const Dataset& d, const std::string& who, const Place& place) {
    auto bytes = d.bytes();
    if (!bytes)
      return file_.odd("overflow", who + " has a shape larger than any memory: " + d.space.text(),
                       place);
    if (*bytes <= large_shape || *bytes / shape_ratio <= file_.artifact.bytes.size()) return;
    if (!d.external.empty()) return;
    file_.odd("overflow",
              who + " has the shape " + d.space.text() + ", " + std::to_string(*bytes) +
                  " bytes, in a file of " + std::to_string(file_.artifact.bytes.size()),
              place);
  }

  File& file_;
  Sink& sink_;
  GlobalHeap heap_;
  Contents contents_;
  std::vector<Todo> todo_;
  std::string loader_;
  std::int32_t model_ = -1;
  bool variable_ = false;  // there are elements in the global heap that no attribute's text names
  std::size_t tensors_ = 0, attributes_ = 0, soft_links_ = 0, references_ = 0;
};

}  // namespace

void walk(File& file, std::uint64_t root) { Walk(file).run(root); }

}  // namespace parapet::hdf5
