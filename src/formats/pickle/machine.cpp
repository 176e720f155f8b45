// The opcode loop. Stack discipline as CPython's C unpickler: a mark fences what may be popped, a
// load executes up to the first error, so everything seen before it counts.
#include "formats/pickle/machine.h"

#include "base/text.h"
#include "formats/pickle/opcodes.h"
#include "io/mapped_file.h"

namespace parapet::pickle {
namespace {

constexpr std::uint64_t drop_every = 16U << 20U;  // bytes that were passed, of a mapped file
constexpr std::size_t max_marks = 1U << 20U;
constexpr std::size_t max_oddities = 64, max_constants = 256, max_pickles = 1U << 14U,
                      max_texts = 1U << 20U;

// Would this constant be worth unpacking? Looks at its first bytes only. `text` may hold base64.
bool worth_a_look(std::string_view s, bool text) {
  if (s.size() < 8) return false;
  auto b = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  if (text) {
    // Base64 of a pickle starts with "gA" (0x80 0x0N) or, for protocol 0, with "Y" ('c') or "K"
    // ('('); of zlib with "eJ", "eN" or "eA"; of gzip with "H4sI".
    if (s.size() < 16) return false;
    return (s[0] == 'g' && s[1] == 'A') || s[0] == 'Y' || s[0] == 'K' ||
           (s[0] == 'e' && b(1) < 'k') || s.starts_with("H4sI") || s[0] == 'c' || s[0] == '(' ||
           b(0) == 0x80 || (b(0) == 0xC2 && b(1) == 0x80);
  }
  if (b(0) == 0x80 && b(1) <= 5) return true;
  if (s.starts_with("\x7f"
                    "ELF") ||
      s.starts_with("MZ") || s.starts_with("#!") || s.starts_with("PK\x03\x04"))
    return true;
  if (b(0) == 0x1f && b(1) == 0x8b) return true;
  if (b(0) == 0x78 && (b(0) * 256U + b(1)) % 31 == 0) return true;
  if (s[0] == 'c' || s[0] == '(') return true;
  if (b(0) == 0xfe || b(0) == 0xcf || b(0) == 0xce || b(0) == 0xca) return true;
  if (s.starts_with("BZh") ||
      s.starts_with("\xfd"
                    "7zXZ") ||
      s.starts_with("7z\xbc\xaf"))
    return true;
  if (s.size() >= 256) return true;  // may hold an executable further in
  return s.size() >= 16 && ((s[0] == 'g' && s[1] == 'A') || s[0] == 'Y' || s[0] == 'K' ||
                            (s[0] == 'e' && b(1) < 'k'));
}

// A pickle by its mark: as bytes, as base64, or as text that stands for bytes.
bool looks_marked(std::string_view s, bool text) {
  auto b = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  return (b(0) == 0x80 && b(1) <= 5) || (s[0] == 'g' && s[1] == 'A') ||
         (text && b(0) == 0xC2 && b(1) == 0x80);
}

std::string hex(std::uint64_t n) {
  std::string s;
  do s.insert(s.begin(), "0123456789abcdef"[n & 15U]);
  while ((n >>= 4U) != 0);
  return "0x" + s;
}

}  // namespace

std::uint64_t Reading::dangerous() const {
  std::uint64_t n = 0;
  for (const auto& c : made) n += c.verdict >= Verdict::suspicious;
  for (const auto& g : globals)
    n += g.judged.verdict == Verdict::dangerous && g.imports > 0 && g.pushes > g.harmless_calls;
  for (const auto& r : inner) n += r.dangerous();
  return n;
}

void Machine::break_off(std::string why) {
  if (broken_) return;
  broken_ = true;
  out_.why = std::move(why);
}

void Machine::odd(std::string name, std::string says, std::uint64_t at, std::uint64_t length) {
  if (out_.oddities.size() < max_oddities)
    out_.oddities.push_back({std::move(name), std::move(says), at, length});
}

void Machine::overflow() {
  break_off("more than 8 million values on the stack");
  out_.limits.emplace_back("a pickle's stack of more than 8 million values");
}

Value Machine::underflow() {
  if (!options_.lenient) break_off("takes from an empty stack");
  return anything;
}

std::span<const Value> Machine::above_mark() {
  if (marks_.empty()) {
    break_off("no mark on the stack");
    return {};
  }
  return std::span(stack_).subspan(marks_.back());
}

void Machine::pop_mark() {
  if (marks_.empty()) return;
  stack_.resize(marks_.back());
  marks_.pop_back();
  fence_ = marks_.empty() ? 0 : marks_.back();
}

void Machine::memo_full() {
  if (out_.limits.empty()) out_.limits.emplace_back("a memo of more than 16 million values");
}

void Machine::not_stored(std::uint64_t index) {
  break_off("memo entry " + std::to_string(index) + " was never stored");
}

// A string or bytes constant of `length` bytes follows.
void Machine::constant(Cursor& c, std::uint64_t at, std::uint64_t length, bool is_text) {
  std::uint64_t start = c.offset();
  std::string_view s = c.text(length);
  if (!c.ok()) return;
  push(Value::of(is_text ? Kind::text : Kind::bytes, at));
  if (options_.keep_texts && is_text && out_.texts.size() < max_texts && length <= 256)
    out_.texts.emplace_back(s);
  if (length >= 8 && worth_a_look(s, is_text)) {
    // Tensors that were pickled without torch.save are a pickle each, thousands in a model.
    bool pickle = looks_marked(s, is_text);
    auto& crowd = pickle ? pickles_ : others_;
    if (crowd < (pickle ? max_pickles : max_constants)) {
      ++crowd;
      out_.constants.push_back({start, length, is_text});
    } else if (pickle) {
      if (out_.limits.empty()) out_.limits.emplace_back("more than 16,384 pickles in constants");
    } else if (!is_text) {
      // The last place is kept for the newest, so that a crowd of decoys at the front hides nothing
      // for sure.
      out_.constants.back() = {start, length, is_text};
    }
  }
}

void Machine::frame(std::uint64_t length, std::uint64_t at, std::uint64_t left) {
  if (length > left)
    odd("type-mismatch",
        "a frame of " + std::to_string(length) + " bytes where " + std::to_string(left) +
            " are left",
        at, 9);
  else if (at < frame_end_)
    odd("type-mismatch", "a frame inside a frame", at, 9);
  frame_end_ = length > left ? 0 : at + 9 + length;
}

void Machine::check_frame(std::uint64_t at, std::uint64_t end) {
  if (frame_end_ == 0 || end <= frame_end_) return;
  if (at < frame_end_)
    odd("type-mismatch", "an opcode reaches over the end of its frame", at, end - at);
  frame_end_ = 0;
}

void Machine::extend(Value container, std::span<const Value> items, std::uint64_t at) {
  if (has_node(container.kind()) && !container.is(Kind::object) && !container.is(Kind::tuple))
    heap_.add(container.payload(), items);
  else if (container.is(Kind::global) || container.is(Kind::object))
    change(container, items.size() >= 2 ? render(items[0]) : std::string(), How::setitem, at);
}

void Machine::stop(Value result) {
  done_ = true;
  out_.stopped = true;
  out_.left_over = stack_.size() + marks_.size();
  if (result.is(Kind::integer)) out_.result_integer = result.number();
  if (result.is(Kind::number)) out_.result_number = render(result);
}

// Inlined into the loop: the call costs a third of an opcode's time.
[[gnu::always_inline]] inline void Machine::step(Cursor& c, unsigned opcode, std::uint64_t at) {
  switch (opcode) {
    // Scalars
    case none_:
      return push(py_none);
    case newfalse:
      return push(Value::of(Kind::constant, 1));
    case newtrue:
      return push(Value::of(Kind::constant, 2));
    case binint:
      return push(Value::integer(static_cast<std::int32_t>(c.le<std::uint32_t>())));
    case binint1:
      return push(Value::integer(c.le<std::uint8_t>()));
    case binint2:
      return push(Value::integer(c.le<std::uint16_t>()));
    case binfloat:
      c.skip(8);
      return push(Value::of(Kind::number, at));
    case float_:
    case long_:
      c.until('\n');
      return push(Value::of(Kind::number, at));
    case int_: {
      auto line = trim(c.until('\n'));
      if (line == "00" || line == "01")
        return push(Value::of(Kind::constant, line == "01" ? 2 : 1));
      auto n = to_integer(line);
      if (!n && c.ok() &&
          (line.empty() || line.find_first_not_of("+-_0123456789") != std::string_view::npos))
        return break_off("not a number: " + printable(line, 20));
      bool fits = n && *n < (1LL << 59U) && *n >= -(1LL << 59U);
      return push(fits ? Value::integer(*n) : Value::of(Kind::number, at));
    }
    case long1:
    case long4: {
      std::uint64_t n = opcode == long1 ? c.le<std::uint8_t>() : c.le<std::uint32_t>();
      if (n > 0x7FFFFFFFU) return break_off("a long integer of negative size");
      Bytes digits = c.take(n);
      if (n > 7 || !c.ok()) return push(Value::of(Kind::number, at));
      std::uint64_t v = 0;
      for (std::size_t i = 0; i < n; ++i) v |= std::to_integer<std::uint64_t>(digits[i]) << (8 * i);
      bool negative = n > 0 && (std::to_integer<unsigned>(digits[n - 1]) & 0x80U) != 0;
      if (negative) v |= ~0ULL << (8 * n);
      return push(Value::integer(static_cast<std::int64_t>(v)));
    }

    // Text and bytes
    case short_binunicode:
      return constant(c, at, c.le<std::uint8_t>(), true);
    case binunicode:
      return constant(c, at, c.le<std::uint32_t>(), true);
    case binunicode8:
      return constant(c, at, c.le<std::uint64_t>(), true);
    case short_binstring:
      return constant(c, at, c.le<std::uint8_t>(), true);
    case binstring: {
      auto n = c.le<std::uint32_t>();
      if (n > 0x7FFFFFFFU) return break_off("a string of negative size");
      return constant(c, at, n, true);
    }
    case short_binbytes:
      return constant(c, at, c.le<std::uint8_t>(), false);
    case binbytes:
      return constant(c, at, c.le<std::uint32_t>(), false);
    case binbytes8:
    case bytearray8:
      return constant(c, at, c.le<std::uint64_t>(), false);
    case string:
    case unicode: {
      std::uint64_t start = c.offset();
      auto line = c.until('\n');
      if (!c.ok()) return;
      if (opcode == string && (line.size() < 2 || (line[0] != '"' && line[0] != '\'')) &&
          !options_.lenient)
        if (trim(line).size() < 2) return break_off("a string without quotes");
      push(Value::of(Kind::text, at));
      if (line.size() >= 16 && worth_a_look(line.substr(opcode == string ? 1 : 0), true) &&
          out_.constants.size() < max_constants)
        out_.constants.push_back(
            {start + (opcode == string ? 1 : 0), line.size() - (opcode == string ? 2 : 0), true});
      if (options_.keep_texts && out_.texts.size() < max_texts)
        out_.texts.emplace_back(line.substr(0, 256));
      return;
    }
    case next_buffer:
      return push(Value::of(Kind::buffer));
    case readonly_buffer:
      return static_cast<void>(top());

    // The stack itself
    case mark:
      if (marks_.size() >= max_marks) return break_off("more than a million marks");
      marks_.push_back(static_cast<std::uint32_t>(stack_.size()));
      fence_ = stack_.size();
      return;
    case pop_:
      if (!marks_.empty() && marks_.back() == stack_.size()) return pop_mark();
      return static_cast<void>(pop());
    case pop_mark_:
      above_mark();
      return pop_mark();
    case dup:
      return push(top());
    case stop_:
      return stop(pop());

    // Containers
    case empty_tuple:
      return push(Value::of(Kind::tuple, heap_.make({})));
    case empty_list:
      return push(Value::of(Kind::list, heap_.make({})));
    case empty_dict:
      return push(Value::of(Kind::dict, heap_.make({})));
    case empty_set:
      return push(Value::of(Kind::set, heap_.make({})));
    case tuple1:
    case tuple2:
    case tuple3: {
      Value v[3] = {anything, anything, anything};
      std::size_t n = opcode - tuple1 + 1;
      for (std::size_t i = n; i-- > 0;) v[i] = pop();
      return push(Value::of(Kind::tuple, heap_.make({v, n})));
    }
    case tuple:
    case list:
    case dict:
    case frozenset: {
      auto items = above_mark();
      Kind kind = opcode == tuple  ? Kind::tuple
                  : opcode == list ? Kind::list
                  : opcode == dict ? Kind::dict
                                   : Kind::set;
      std::uint64_t node = heap_.make(items);
      pop_mark();
      return push(Value::of(kind, node));
    }
    case append: {
      Value v = pop();
      extend(top(), {&v, 1}, at);
      return note_weight(top(), at);
    }
    case setitem: {
      Value pair[2];
      pair[1] = pop();
      pair[0] = pop();
      return extend(top(), {pair, 2}, at);
    }
    case appends:
    case additems:
    case setitems: {
      auto items = above_mark();
      if (broken_) return;
      std::size_t base = marks_.back();
      std::size_t outer = marks_.size() > 1 ? marks_[marks_.size() - 2] : 0;
      if (base <= outer) {
        underflow();
        return pop_mark();
      }
      Value target = stack_[base - 1];
      if (!items.empty()) extend(target, items, at);
      pop_mark();
      return note_weight(target, at);
    }

    // The memo
    case memoize:
      return remember(memo_.stored());
    case binput:
      return remember(c.le<std::uint8_t>());
    case long_binput:
      return remember(c.le<std::uint32_t>());
    case put: {
      auto n = to_integer(trim(c.until('\n')));
      if (c.ok() && (!n || *n < 0)) return break_off("no memo index");
      return remember(static_cast<std::uint64_t>(n.value_or(0)));
    }
    case binget:
      return recall(c.le<std::uint8_t>());
    case long_binget:
      return recall(c.le<std::uint32_t>());
    case get: {
      auto n = to_integer(trim(c.until('\n')));
      if (c.ok() && (!n || *n < 0)) return break_off("no memo index");
      return recall(static_cast<std::uint64_t>(n.value_or(0)));
    }

    // Names, calls, state
    case global: {
      auto module = c.until('\n');
      auto name = c.until('\n');
      if (c.ok()) push(import(module, name, at, true));
      return;
    }
    case stack_global: {
      Value name = pop();
      Value module = pop();
      return push(import_value(module, name, at));
    }
    case ext1:
      return push(extension(c.le<std::uint8_t>(), at));
    case ext2:
      return push(extension(c.le<std::uint16_t>(), at));
    case ext4:
      return push(extension(c.le<std::uint32_t>(), at));
    case reduce: {
      Value args = pop();
      Value callee = pop();
      if (!args.is(Kind::tuple) && !args.is(Kind::unknown) && !args.is(Kind::object) &&
          !args.is(Kind::global))
        return break_off("calls with arguments that are no tuple");
      return push(call(callee, args, py_none, How::reduce, at));
    }
    case newobj: {
      Value args = pop();
      Value cls = pop();
      return push(call(cls, args, py_none, How::newobj, at));
    }
    case newobj_ex: {
      Value keywords = pop();
      Value args = pop();
      Value cls = pop();
      return push(call(cls, args, keywords, How::newobj_ex, at));
    }
    case inst: {
      auto module = c.until('\n');
      auto name = c.until('\n');
      if (!c.ok()) return;
      auto items = above_mark();
      if (broken_) return;
      Value args = Value::of(Kind::tuple, heap_.make(items));
      pop_mark();
      return push(call(import(module, name, at, true), args, py_none, How::inst, at));
    }
    case obj: {
      auto items = above_mark();
      if (broken_) return;
      if (items.empty()) {
        underflow();
        return pop_mark();
      }
      Value callee = items[0];
      Value args = Value::of(Kind::tuple, heap_.make(items.subspan(1)));
      pop_mark();
      return push(call(callee, args, py_none, How::obj, at));
    }
    case build_: {
      Value state = pop();
      return build(top(), state, at, c);
    }
    case persid: {
      c.until('\n');
      return push(persistent(Value::of(Kind::text, at)));
    }
    case binpersid:
      return push(persistent(pop()));

    // Framing
    case proto: {
      auto n = c.le<std::uint8_t>();
      if (!c.ok()) return;
      if (n > 5) return break_off("protocol " + std::to_string(n) + " does not exist");
      if (at != out_.start)
        odd("duplicate-key", "another protocol mark (" + std::to_string(n) + ") inside the stream",
            at, 2);
      out_.protocol = n;
      return;
    }
    case frame_: {
      auto n = c.le<std::uint64_t>();
      if (c.ok()) frame(n, at, c.left());
      return;
    }
    default:
      return break_off("no opcode " + hex(opcode));
  }
}

Reading Machine::run(std::uint64_t offset) {
  out_.start = offset;
  Cursor c(all_);
  c.seek(offset);
  unsigned ticks = 0;
  std::uint64_t dropped = offset;
  while (!done_ && !broken_) {
    if ((++ticks & 0xFFU) == 0) {
      if (!budget_.step(256)) {
        break_off("the limit of steps was reached");
        out_.limits.emplace_back(budget_.spent());
        break;
      }
      if (c.offset() - dropped >= drop_every) {  // memory does not grow with the stream
        drop_pages(all_.subspan(dropped, c.offset() - dropped));
        dropped = c.offset();
      }
    }
    if (out_.opcodes >= options_.most_opcodes) {
      break_off("enough");
      break;
    }
    std::uint64_t at = c.offset();
    auto opcode = c.le<std::uint8_t>();
    if (!c.ok()) break;
    ++out_.opcodes;
    step(c, opcode, at);
    if (frame_end_ != 0 && c.offset() > frame_end_) check_frame(at, c.offset());
    if (!c.ok()) break;
    if (options_.stop_at_call && out_.calls > 0) break;
  }
  budget_.step(ticks & 0xFFU);
  out_.end = c.offset();
  if (!c.ok()) {
    out_.truncated = std::string_view(c.error()) == "truncated";
    if (out_.why.empty()) out_.why = out_.truncated ? "ends within the stream" : c.error();
  }
  out_.well_formed = done_ && !broken_ && c.ok();
  if (done_ && frame_end_ != 0 && out_.end < frame_end_)
    odd("type-mismatch",
        "the stream stops " + std::to_string(frame_end_ - out_.end) +
            " bytes before its frame ends",
        out_.end);
  return std::move(out_);
}

}  // namespace parapet::pickle
