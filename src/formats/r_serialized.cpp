// R objects (.rds; .rda, which has "RDX3\n" in front), after decompression: "X\n" big-endian, "B\n"
// of the machine, "A\n" text; i32 version, writer, least reader (3: the encoding's name); then one
// item: i32 flags (type in the low byte, 0x200 attributes, 0x400 tag) and what the type says. A
// promise that holds a call instead of a value runs it as soon as the object is touched
// (CVE-2024-27322).
// https://cran.r-project.org/doc/manuals/r-release/R-ints.html#Serialization-Formats
#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "formats/format.h"

namespace parapet::formats {
namespace {

constexpr unsigned max_depth = 300;
constexpr std::size_t max_code_facts = 200;

enum Type : std::uint32_t {
  nil = 0,
  symbol = 1,
  list = 2,
  closure = 3,
  environment = 4,
  promise = 5,
  call = 6,
  special = 7,
  builtin = 8,
  chars = 9,
  logical = 10,
  integer = 13,
  real = 14,
  complex = 15,
  strings = 16,
  dots = 17,
  vector = 19,
  expression = 20,
  bytecode = 21,
  external_pointer = 22,
  weak_reference = 23,
  raw = 24,
  s4 = 25,
  altrep = 238,
  attribute_list = 239,
  attribute_call = 240,
  base_environment = 241,
  empty_environment = 242,
  code_reference = 243,
  code_definition = 244,
  base_namespace = 247,
  persistent = 248,
  name_space = 249,
  package = 250,
  missing = 251,
  unbound = 252,
  global_environment = 253,
  nil_value = 254,
  reference = 255
};

// Functions of R that leave it, or run what is given as text.
constexpr std::string_view reaching[] = {"system",
                                         "system2",
                                         "shell",
                                         "shell.exec",
                                         "pipe",
                                         "eval",
                                         "evalq",
                                         "parse",
                                         "source",
                                         "sys.source",
                                         "download.file",
                                         "url",
                                         "socketConnection",
                                         "dyn.load",
                                         ".Call",
                                         ".External",
                                         "unlink",
                                         "file.remove",
                                         "writeLines",
                                         "Sys.setenv",
                                         "install.packages",
                                         "readRDS",
                                         "unserialize",
                                         "loadNamespace",
                                         "do.call",
                                         "reg.finalizer",
                                         "library.dynam"};

// Of these, what no function of a fitted model needs.
constexpr std::string_view leaving[] = {"system",
                                        "system2",
                                        "shell",
                                        "shell.exec",
                                        "pipe",
                                        "download.file",
                                        "dyn.load",
                                        "socketConnection",
                                        "install.packages",
                                        "unserialize"};

bool starts_stream(std::string_view s) {
  if (s.size() < 14) return false;
  Cursor c(as_bytes(s));
  std::string_view form = c.text(2);
  if (form == "A\n") return s[2] >= '2' && s[2] <= '3' && s[3] == '\n';
  std::uint32_t version = form == "X\n" ? c.be<std::uint32_t>() : c.le<std::uint32_t>();
  return (form == "X\n" || form == "B\n") && version >= 1 && version <= 4;
}

bool recognises(const Artifact& a) {
  std::string_view s = as_text(a.bytes).substr(0, 64);
  for (std::string_view magic : {"RDX2\n", "RDX3\n", "RDA2\n", "RDA3\n", "RDB2\n", "RDB3\n"})
    if (s.starts_with(magic)) return true;
  return starts_stream(s);
}

class Reading {
 public:
  Reading(const Artifact& a, Sink& sink) : a_(a), sink_(sink), c_(a.bytes) {}

  void run() {
    sink_.is("r");
    if (as_text(c_.peek(2)) == "RD") c_.skip(5);
    std::string_view form = c_.text(2);
    std::uint32_t version = 0;
    ascii_ = form == "A\n";
    big_ = form == "X\n";
    version = u32();
    u32();  // of the writer
    u32();  // the least that reads it
    if (version == 3) text(u32());
    if (version != 2 && version != 3)
      sink_.partly("serialization version " + std::to_string(version));
    item(0);
    report_closures();
    Fact f{"model", {}, {0, std::min<std::uint64_t>(2, a_.bytes.size())}, "an R object"};
    f.set("format", "r").set("name", file_name(a_.name)).set("loader", "readRDS");
    f.set("version", std::to_string(version));
    sink_.add(std::move(f));
    if (c_.ok() && !stopped_ && c_.left() > 0) {
      std::uint64_t at = c_.offset(), n = c_.left();
      sink_.anomaly("trailing-data", std::to_string(n) + " bytes behind the object", {at, n});
      sink_.child(a_, "tail", c_.take(n), a_.owner);
    }
    sink_.finish(c_);
  }

 private:
  std::uint32_t u32() {
    if (ascii_) {
      std::string_view line = trim(c_.until('\n'));
      auto v = to_integer(line);
      if (!v && line != "NA") c_.fail("a line that is no number");
      return static_cast<std::uint32_t>(v.value_or(-2147483648LL));
    }
    return big_ ? c_.be<std::uint32_t>() : c_.le<std::uint32_t>();
  }
  // Texts of the text form stand on a line of their own, in C's escapes.
  std::string_view text(std::uint64_t n) { return ascii_ ? trim(c_.until('\n')) : c_.text(n); }
  std::uint64_t length() {
    std::uint64_t n = u32();
    if (n != 0xFFFFFFFFU) return n;
    std::uint64_t high = u32();
    return high << 32U | u32();
  }

  void found(std::string_view what, std::string says, std::string_view power, std::uint64_t at,
             const std::set<std::string>& names) {
    if (++facts_ > max_code_facts) return;
    Fact f{"layer", {}, {at, 0}, std::move(says)};
    f.set("framework", "r").set("class", what);
    if (!power.empty()) f.set("power", power).set("code", "yes");
    for (const auto& n : names) f.set("text", n);
    sink_.add(std::move(f));
  }
  void report_closures() {
    if (closures_ == 0) return;
    bool out = std::any_of(std::begin(leaving), std::end(leaving),
                           [&](std::string_view n) { return outside_.contains(std::string(n)); });
    found("closure", std::to_string(closures_) + " functions travel with the object",
          out ? "executes-code" : "", closure_at_, outside_);
  }

  // Reads one item and says its type. Pairlists are followed in a loop, not in depth.
  std::uint32_t item(unsigned depth) {
    std::uint32_t first = 0;
    for (bool again = true, head = true; again; head = false) {
      again = false;
      if (!c_.ok() || stopped_ || !sink_.next()) return first;
      if (depth > max_depth) {
        sink_.anomaly("too-deep", "items nested deeper than " + std::to_string(max_depth),
                      {c_.offset(), 0});
        c_.fail("nested too deep");
        return first;
      }
      std::uint64_t at = c_.offset();
      std::uint32_t flags = u32();
      std::uint32_t type = flags & 0xFFU;
      bool attributes = (flags & 0x200U) != 0, tag = (flags & 0x400U) != 0;
      if (head) first = type;
      switch (type) {
        case list:
        case call:
        case closure:
        case promise:
        case dots:
          if (attributes) item(depth + 1);
          if (tag) item(depth + 1);
          if (type == closure && closures_++ == 0) closure_at_ = at;
          if (type == promise) {
            a_promise(at, depth);
          } else {
            item(depth + 1);
            again = true;  // the rest of the list, or a function's body
          }
          break;
        default:
          plain(type, flags, at, depth);
          if (attributes && has_attributes(type)) again = true;  // a pairlist behind the value
      }
    }
    return first;
  }

  static bool has_attributes(std::uint32_t type) {
    switch (type) {
      case chars:
      case logical:
      case integer:
      case real:
      case complex:
      case strings:
      case vector:
      case expression:
      case raw:
      case s4:
      case external_pointer:
      case weak_reference:
      case bytecode:
      case special:
      case builtin:
        return true;
      default:
        return false;
    }
  }

  void a_promise(std::uint64_t at, unsigned depth) {
    std::uint32_t value = item(depth + 1);
    std::set<std::string> before;
    std::swap(before, outside_);
    std::uint32_t code = item(depth + 1);
    bool runs = value == unbound && (code == call || code == bytecode || code == symbol);
    // In an environment an argument that nobody has used yet is ordinary, until its call leads out.
    bool ordinary = code == symbol || (environments_ > 0 && outside_.empty());
    if (c_.ok() && runs)
      found("promise", "a promise that has no value yet: touching the object runs its call",
            ordinary ? "" : "executes-code", at, outside_);
    outside_.insert(before.begin(), before.end());
  }

  void plain(std::uint32_t type, std::uint32_t flags, std::uint64_t at, unsigned depth) {
    switch (type) {
      case nil:
      case nil_value:
      case base_environment:
      case empty_environment:
      case base_namespace:
      case missing:
      case unbound:
      case global_environment:
      case s4:
        return;
      case symbol:
        item(depth + 1);
        return name(last_);
      case chars: {
        std::uint32_t n = u32();  // all ones: not available
        last_ = n == 0xFFFFFFFFU ? std::string_view() : text(n);
        return;
      }
      case environment:
        u32();  // locked
        ++environments_;
        for (int i = 0; i < 4; ++i) item(depth + 1);
        --environments_;
        return;
      case special:
      case builtin: {
        std::string_view s = text(u32());
        return name(s);
      }
      case logical:
      case integer:
        return numbers(4);
      case real:
        return numbers(8);
      case complex:
        return numbers(16);
      case raw:
        return numbers(1);
      case strings:
      case vector:
      case expression: {
        std::uint64_t n = c_.count<2>(length());
        for (std::uint64_t i = 0; i < n && c_.ok() && !stopped_ && sink_.next(); ++i)
          item(depth + 1);
        return;
      }
      case external_pointer:
        found("external-pointer", "an address of another process", "", at, {});
        item(depth + 1);
        item(depth + 1);
        return;
      case weak_reference:
        return;
      case reference:
        if (flags >> 8U == 0) u32();
        return;
      case persistent:
      case package:
      case name_space: {
        u32();
        std::uint64_t n = c_.count<2>(u32());
        for (std::uint64_t i = 0; i < n && c_.ok() && sink_.next(); ++i) item(depth + 1);
        return;
      }
      case altrep:
        for (int i = 0; i < 3; ++i) item(depth + 1);
        return;
      case bytecode:
        u32();  // how many shared parts
        return code(depth + 1);
      default:
        stopped_ = true;
        sink_.partly("an item of type " + std::to_string(type) + " at " + std::to_string(at));
    }
  }

  void numbers(std::uint64_t size) {
    std::uint64_t at = c_.offset(), n = length();
    if (ascii_) {
      n = c_.count<1>(n * (size == 16 ? 2 : 1));
      for (std::uint64_t i = 0; i < n && c_.ok() && sink_.next(); ++i) c_.until('\n');
      return;
    }
    if (n > c_.left() / size) {
      sink_.anomaly("overflow", "a vector of " + std::to_string(n) + " elements", {at, 0});
      return c_.fail("count larger than the input");
    }
    c_.skip(n * size);
  }

  void name(std::string_view s) {
    if (std::find(std::begin(reaching), std::end(reaching), s) != std::end(reaching))
      outside_.emplace(s);
  }

  void code(unsigned depth) {
    item(depth + 1);
    std::uint64_t n = c_.count<2>(u32());
    for (std::uint64_t i = 0; i < n && c_.ok() && !stopped_ && sink_.next(); ++i) {
      std::uint32_t type = u32();
      if (type == bytecode)
        depth > max_depth ? c_.fail("nested too deep") : code(depth + 1);
      else if (is_code_list(type))
        code_list(type, depth + 1);
      else
        item(depth + 1);
    }
  }
  static bool is_code_list(std::uint32_t type) {
    return type == call || type == list || type == code_reference || type == code_definition ||
           type == attribute_call || type == attribute_list;
  }
  void code_list(std::uint32_t type, unsigned depth) {
    while (c_.ok() && !stopped_ && sink_.next()) {
      if (depth > max_depth) return c_.fail("nested too deep");
      if (!is_code_list(type)) {
        item(depth + 1);
        return;
      }
      if (type == code_reference) {
        u32();
        return;
      }
      if (type == code_definition) {
        u32();
        type = u32();
      }
      if (type == attribute_call || type == attribute_list) item(depth + 1);
      item(depth + 1);  // the tag
      code_list(u32(), depth + 1);
      type = u32();
    }
  }

  const Artifact& a_;
  Sink& sink_;
  Cursor c_;
  bool ascii_ = false, big_ = true, stopped_ = false;
  std::string_view last_;  // the text read last: a symbol's name
  std::set<std::string> outside_;
  std::size_t closures_ = 0, facts_ = 0;
  unsigned environments_ = 0;  // that are open around the item
  std::uint64_t closure_at_ = 0;
};

void parse(const Artifact& a, Sink& sink) { Reading(a, sink).run(); }

}  // namespace

extern const Format r_serialized;
const Format r_serialized{"r_serialized",
                          1,
                          "R objects (.rds, .rda): promises, functions, pointers",
                          "https://cran.r-project.org/doc/manuals/r-release/R-ints.html",
                          recognises,
                          parse};

}  // namespace parapet::formats
