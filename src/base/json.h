#pragma once
// Writes JSON. Strings are made valid UTF-8 (invalid bytes become U+FFFD) and every control or
// deceptive character is escaped, so a hostile name can break neither the document nor the terminal
// that it is shown on.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parapet {

class JsonWriter {
 public:
  explicit JsonWriter(bool pretty = true) : pretty_(pretty) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(unsigned number) { return value(static_cast<std::uint64_t>(number)); }
  JsonWriter& value(bool flag);
  JsonWriter& number(double v);
  JsonWriter& null();
  template <class T>
  JsonWriter& field(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  JsonWriter& strings(std::string_view name, const std::vector<std::string>& values);

  const std::string& text() const { return out_; }
  std::string take() { return std::move(out_) + '\n'; }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void before_value();
  void new_line();

  bool pretty_;
  std::string out_;
  std::vector<bool> has_items_;  // one per open bracket
  bool after_key_ = false;
};

// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace parapet
