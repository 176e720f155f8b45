// Torch7 (Lua) objects, binary .t7: i32 tag, then 1 f64 number; 2 text {i32 length, bytes}; 3 table
// {i32 index, i32 count, pairs}; 4 object {i32 index, version "V 1", class, content}; 5 i32
// boolean; 6, 7, 8 function {i32 index, i32 length, dumped Lua bytecode, table of upvalues}. An
// index met before stands for the same value. Loading restores functions; models call them. The
// text form has the same numbers, a line each. https://github.com/torch/torch7/blob/master/File.lua
#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr unsigned max_depth = 150;
constexpr std::size_t max_tensor_facts = 2000, max_functions = 200;

// Names in bytecode that lead out of it.
constexpr std::string_view reaching[] = {
    "execute", "popen", "loadstring", "dofile", "loadfile", "require", "ffi",     "cdef", "load",
    "os",      "io",    "getenv",     "remove", "rename",   "socket",  "package", "debug"};

std::uint64_t element_size(std::string_view class_name) {
  for (auto [name, size] : {std::pair<std::string_view, unsigned>{"Double", 8},
                            {"Float", 4},
                            {"Long", 8},
                            {"Int", 4},
                            {"Short", 2},
                            {"Byte", 1},
                            {"Char", 1},
                            {"Half", 2},
                            {"CudaDouble", 8},
                            {"CudaLong", 8},
                            {"CudaInt", 4},
                            {"CudaShort", 2},
                            {"CudaByte", 1},
                            {"CudaChar", 1},
                            {"CudaHalf", 2},
                            {"Cuda", 4}})
    if (class_name == "torch." + std::string(name) + "Storage") return size;
  return 0;
}

bool recognises(const Artifact& a) {
  Cursor c(a.bytes);
  auto tag = c.le<std::uint32_t>(), index = c.le<std::uint32_t>(), n = c.le<std::uint32_t>();
  std::string_view head = as_text(a.bytes).substr(0, 4096);
  std::string ext = extension(a.name);
  bool named = ext == "t7" || ext == "th" || ext == "net" || ext == "t7b";
  constexpr std::string_view mark("\x03\0\0\0V 1", 7);
  if (c.ok() && tag == 4 && index >= 1) return n == 3 && as_text(c.peek(3)) == "V 1";
  if (c.ok() && tag == 3 && index == 1) return named || contains(head, mark);
  if (c.ok() && (tag == 6 || tag == 7 || tag == 8) && index == 1 && n >= 4)
    return as_text(c.peek(4)) == "\x1bLua" || as_text(c.peek(3)) == "\x1bLJ";
  return head.starts_with("4\n1\n3\nV 1\n") || (named && head.starts_with("3\n1\n"));
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    sink_.is("torch7");
    bool ascii = as_text(c_.peek(2)) == "4\n" || as_text(c_.peek(2)) == "3\n";
    if (ascii)
      text();
    else
      object("", 0);
    for (const auto& name : classes_)
      if (metadata_++ < 200) put("class", name);
    Fact f{"model", {}, {0, std::min<std::uint64_t>(4, a_.bytes.size())}, "a Torch7 object"};
    f.set("format", "torch7").set("name", file_name(a_.name)).set("loader", "torch7");
    sink_.add(std::move(f));
    if (!ascii && c_.ok() && !stopped_ && c_.left() > 0) {
      std::uint64_t at = c_.offset(), n = c_.left();
      sink_.anomaly("trailing-data", std::to_string(n) + " bytes behind the object", {at, n});
      sink_.child(a_, "tail", c_.take(n), a_.owner);
    }
    sink_.finish(c_);
  }

 private:
  void put(std::string_view key, const std::string& value) {
    Fact f{"metadata", {}, {0, 0}, std::string(key) + ": " + printable(value, 120)};
    f.set("key", key).set("value", value.substr(0, 200)).set("format", "torch7");
    sink_.add(std::move(f));
  }

  std::string_view string() {
    std::uint64_t n = c_.le<std::uint32_t>();
    return c_.text(n);
  }
  // True when the value with this index is yet to come.
  bool is_new() { return indices_.insert(c_.le<std::uint32_t>()).second; }

  void object(const std::string& path, unsigned depth) {
    if (!c_.ok() || stopped_ || !sink_.next()) return;
    if (depth > max_depth) {
      sink_.anomaly("too-deep", "objects nested deeper than " + std::to_string(max_depth),
                    {c_.offset(), 0});
      return c_.fail("nested too deep");
    }
    auto tag = c_.le<std::uint32_t>();
    switch (tag) {
      case 0:
        return;
      case 1:
        return c_.skip(8);
      case 2:
        string();
        return;
      case 3:
        if (is_new()) table(path, depth);
        return;
      case 4:
        if (is_new()) instance(path, depth);
        return;
      case 5:
        return c_.skip(4);
      case 6:
      case 7:
      case 8:
        if (is_new()) function(path, depth);
        return;
      default:
        c_.fail("a tag that does not exist");
    }
  }

  void table(const std::string& path, unsigned depth) {
    std::uint64_t n = c_.count<8>(c_.le<std::uint32_t>());
    for (std::uint64_t i = 0; i < n && c_.ok() && !stopped_ && sink_.next(); ++i) {
      std::string name = "?";
      Cursor key(c_);
      if (key.le<std::uint32_t>() == 2) {
        std::uint64_t length = key.le<std::uint32_t>();
        name = printable(key.text(length), 40);
      }
      object(path, depth + 1);
      object(path.size() > 200 ? path : path.empty() ? name : path + "." + name, depth + 1);
    }
  }

  void instance(const std::string& path, unsigned depth) {
    std::uint64_t at = c_.offset();
    std::string_view version = string();
    std::string name(version.starts_with("V ") ? string() : version);
    if (!c_.ok()) return;
    if (classes_.size() < 1000) classes_.insert(name.substr(0, 100));
    if (name.starts_with("torch.") && name.ends_with("Tensor"))
      return tensor(name, path, at, depth);
    if (std::uint64_t size = element_size(name); size != 0) {
      auto n = c_.le<std::uint64_t>();
      if (n > c_.left() / size)
        sink_.anomaly("overflow", "a storage of " + std::to_string(n) + " elements", {at, 0});
      return n > c_.left() / size ? c_.fail("count larger than the input") : c_.skip(n * size);
    }
    // Every other class keeps its fields as one table, unless it brings a reader of its own.
    Cursor next(c_);
    if (auto tag = next.le<std::uint32_t>(); next.ok() && tag > 8) {
      sink_.partly("the class " + printable(name, 60) + " has a layout of its own");
      stopped_ = true;
      return;
    }
    object(path.empty() ? name : path, depth + 1);
  }

  void tensor(const std::string& name, const std::string& path, std::uint64_t at, unsigned depth) {
    std::uint64_t dims = c_.count<16>(c_.le<std::uint32_t>());
    std::string shape;
    for (std::uint64_t i = 0; i < dims && c_.ok() && sink_.next(); ++i) {
      auto d = c_.le<std::uint64_t>();
      if (i < 16) shape += (i == 0 ? "" : ",") + std::to_string(d);
    }
    c_.skip(dims * 8 + 8);  // strides, offset in the storage
    if (c_.ok() && ++tensors_ <= max_tensor_facts) {
      Fact f{"tensor", {}, {at, 0}, "tensor " + printable(path, 80) + " [" + shape + "]"};
      f.set("name", path.substr(0, 200)).set("dtype", name.substr(6, 40)).set("shape", shape);
      sink_.add(std::move(f));
    }
    object(path, depth + 1);
  }

  void function(const std::string& path, unsigned depth) {
    std::uint64_t n = c_.le<std::uint32_t>();
    std::uint64_t at = c_.offset();
    Bytes code = c_.take(n);
    if (!c_.ok()) return;
    add_function(path, as_text(code), at);
    if (functions_ <= 20) sink_.child(a_, "function@" + std::to_string(at), code, a_.owner);
    object(path, depth + 1);  // its upvalues
  }

  void add_function(const std::string& path, std::string_view code, std::uint64_t at) {
    if (++functions_ > max_functions) return;
    Fact f{"layer", {}, {at, code.size()}, "a Lua function"};
    if (!path.empty()) f.says += " at " + printable(path, 80);
    f.set("framework", "torch7").set("class", "function").set("path", path.substr(0, 200));
    f.set("power", "executes-code").set("code", "yes");
    for (std::string_view name : reaching)
      if (has_word(code, name)) f.set("text", name);
    sink_.add(std::move(f));
  }

  static bool has_word(std::string_view s, std::string_view word) {
    for (std::size_t i = s.find(word); i != std::string_view::npos; i = s.find(word, i + 1))
      if ((i == 0 || !is_word(s[i - 1])) &&
          (i + word.size() >= s.size() || !is_word(s[i + word.size()])))
        return true;
    return false;
  }

  // The text form: only what a search finds.
  void text() {
    std::string_view s = as_text(a_.bytes);
    sink_.partly("the text form is searched, not read");
    for (std::string_view mark : {"\x1bLua", "\x1bLJ"})
      for (std::size_t i = s.find(mark); i != std::string_view::npos && sink_.next();
           i = s.find(mark, i + 1))
        add_function("", s.substr(i, std::min<std::size_t>(4096, s.size() - i)), i);
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
  std::set<std::uint32_t> indices_;
  std::set<std::string> classes_;
  std::size_t tensors_ = 0, functions_ = 0, metadata_ = 0;
  bool stopped_ = false;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format torch7;
const Format torch7{"torch7",
                    1,
                    "Torch7 objects (.t7): classes, tensors, Lua functions",
                    "https://github.com/torch/torch7/blob/master/File.lua",
                    recognises,
                    parse};

}  // namespace parapet::formats
