#pragma once
// An abstract interpreter of the pickle machine, protocols 0 to 5: runs a stream without making
// anything, and tells what a load would import, call, construct and change.
// Opcodes: CPython's Lib/pickletools.py.
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/cursor.h"
#include "formats/pickle/heap.h"
#include "formats/pickle/memo.h"
#include "formats/pickle/policy.h"
#include "formats/pickle/value.h"
#include "model/budget.h"

namespace parapet::pickle {

// A name that a load imports, or reaches through what it imported.
struct Global {
  std::string module, name;
  Judgement judged;
  std::uint64_t offset = 0;   // of the first opcode that names it
  std::uint64_t imports = 0;  // opcodes that import it; 0 when it is only reached through a call
  std::uint64_t pushes = 0;   // times that it came onto the stack
  std::uint64_t harmless_calls = 0;  // calls of a gadget that turned out to reach nothing
  std::uint64_t safe_calls = 0;      // of these, calls that only reach what is safe
  std::uint64_t reduced = 0;         // calls other than constructions
  std::int64_t quiet_call[9] = {-1, -1, -1, -1, -1,
                                -1, -1, -1, -1};  // its one call record per How, while safe
  std::string dotted() const { return name.empty() ? module : module + "." + name; }
};

struct Call {
  std::string name;  // dotted, or the rendered expression that gave the callee
  std::vector<std::string> args;
  std::vector<std::pair<std::string, std::string>> keywords;
  How how = How::reduce;
  Verdict verdict = Verdict::unknown;
  std::string why;
  bool carries_code = false;
  std::vector<std::string> reaches;  // of carried code: the names in it that lead out
  std::uint64_t offset = 0, count = 1;
  bool elided = false;  // more arguments than are kept
};

struct Oddity {
  std::string name;  // of an anomaly
  std::string says;
  std::uint64_t offset = 0, length = 0;
};

// A constant worth a look of its own.
struct Constant {
  std::uint64_t offset = 0, length = 0;  // of its content
  bool is_text = false;
};

struct Storage {
  std::string type, key;
};

// What one stream says.
struct Reading {
  std::uint64_t start = 0, end = 0;  // of its opcodes; raw arrays of joblib lie between
  int protocol = 0;
  bool stopped = false;  // reached STOP
  bool well_formed = false;
  std::string why;         // not well formed: what is wrong
  bool truncated = false;  // the input ended within the stream
  std::uint64_t opcodes = 0, calls = 0, persistent = 0, extensions = 0, arrays = 0, left_over = 0;
  std::deque<Global> globals;  // references stay valid while imports add to it
  std::vector<Call> made;
  std::vector<Oddity> oddities;
  std::vector<Constant> constants;
  std::vector<Storage> storages;    // of persistent ids as PyTorch writes them
  std::vector<std::string> texts;   // every text pushed, when asked for
  std::vector<Reading> inner;       // streams in the place of a joblib object array
  std::vector<std::string> limits;  // what was not kept
  std::int64_t result_integer = 0;
  std::string result_number;  // the decimal or hexadecimal text of a long integer result
  std::uint64_t dangerous() const;
  bool has_call() const { return calls > 0; }
};

struct MachineOptions {
  bool lenient = false;     // operands that are missing are unknown: for starts found by searching
  bool keep_texts = false;  // fill Reading::texts
  std::uint64_t most_opcodes = ~0ULL;
  bool stop_at_call = false;  // end after the first call of a named function
  unsigned depth = 0;         // streams within streams
};

class Machine {
 public:
  Machine(Bytes all, Budget& budget, MachineOptions options = {})
      : all_(all), budget_(budget), options_(options) {}
  Reading run(std::uint64_t offset);

 private:
  static constexpr std::size_t max_stack = 8U << 20U;
  // machine.cpp
  void step(Cursor& c, unsigned opcode, std::uint64_t at);
  void break_off(std::string why);
  void push(Value v) {
    if (stack_.size() >= max_stack) return overflow();
    stack_.push_back(v);
  }
  Value pop() {
    if (stack_.size() <= fence_) return underflow();
    Value v = stack_.back();
    stack_.pop_back();
    return v;
  }
  void overflow();
  Value top() { return stack_.size() > fence_ ? stack_.back() : underflow(); }
  Value underflow();
  std::span<const Value> above_mark();  // the values above the top mark; pop_mark() then drops them
  void pop_mark();
  void remember(std::uint64_t index) {
    if (!memo_.put(index, top())) memo_full();
  }
  void recall(std::uint64_t index) {
    Value v = memo_.get(index);
    if (v.is(Kind::absent)) return not_stored(index);
    if (v.is(Kind::global)) ++out_.globals[v.payload()].pushes;
    push(v);
  }
  void memo_full();
  void not_stored(std::uint64_t index);
  void constant(Cursor& c, std::uint64_t at, std::uint64_t length, bool is_text);
  void frame(std::uint64_t length, std::uint64_t at, std::uint64_t left);
  void check_frame(std::uint64_t at, std::uint64_t end);
  void extend(Value container, std::span<const Value> items, std::uint64_t at);
  void odd(std::string name, std::string says, std::uint64_t at, std::uint64_t length = 0);
  void stop(Value result);

  // calls.cpp
  Value import(std::string_view module, std::string_view name, std::uint64_t at, bool by_opcode);
  Value import_value(Value module, Value name, std::uint64_t at);
  Value extension(std::uint64_t code, std::uint64_t at);
  Value call(Value callee, Value args, Value keywords, How how, std::uint64_t at);
  Value construct(Gadget how, Value args, std::uint64_t at);
  Value call_unnamed(Value callee, Value args, How how, std::uint64_t at);
  Value made(std::uint32_t global, Value callee, Value args, Value keywords);
  void build(Value object, Value state, std::uint64_t at, Cursor& c);
  void change(Value target, std::string what, How how, std::uint64_t at);
  void record(Call call, Value args, Value keywords);
  bool resolve(std::uint32_t global, Value args, std::uint64_t at, Value& result, bool& harmless);
  void examine_code(Call& call, Value args);
  Value attribute(Value object, std::string_view name, std::uint64_t at);
  Value persistent(Value id);
  void note_weight(Value v, std::uint64_t at);

  // shapes.cpp
  bool fits(char letter, Value v) const;
  bool fits_shapes(std::string_view shapes, Value args) const;
  template <class What>
  const Global* handed(Value args, What what) const;
  const Global* handed_function(Value args, bool classes_too) const;
  void weigh(Judgement& use, const Global& callee, Value args) const;

  // arrays.cpp: joblib writes the bytes of an array right behind the wrapper's BUILD
  void skip_array(Value wrapper, Value state, std::uint64_t at, Cursor& c);

  // render.cpp
  bool text_of(Value v, std::string& out) const;  // false when it is no text
  std::string render(Value v, unsigned depth = 0) const;
  std::vector<Value> elements(Value v) const;
  Value argument(Value args, std::size_t i) const;
  std::string raw_text(std::uint64_t opcode_offset) const;
  Value compute(std::string text);

  Bytes all_;
  Budget& budget_;
  MachineOptions options_;
  Reading out_;
  std::vector<Value> stack_;
  std::vector<std::uint32_t> marks_;
  std::size_t fence_ = 0;  // nothing below the top mark may be popped
  Memo memo_;
  Heap heap_;
  std::vector<std::string> texts_;
  std::uint64_t text_bytes_ = 0;
  std::size_t pickles_ = 0, others_ = 0;                      // constants kept
  std::unordered_map<std::string, std::uint32_t> known_;      // "module\0name" -> globals
  std::unordered_map<std::string, std::size_t> known_calls_;  // rendered call -> made
  std::unordered_map<std::uint64_t, std::string>
      dtypes_;  // node of a numpy.dtype -> "f8": used long after
  std::uint64_t frame_end_ = 0;
  unsigned resolving_ = 0;  // calls that other calls turned out to make
  bool broken_ = false, done_ = false, bomb_ = false;
};

}  // namespace parapet::pickle
