// Text: a head line "parapet-history 1 DIGEST", then an id of 64 hexadecimal digits a line.
#include "engine/history_state.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "io/mapped_file.h"

namespace parapet {
namespace {

constexpr std::string_view head = "parapet-history 1 ";

bool is_id(std::string_view s) {
  return s.size() == 64 && std::all_of(s.begin(), s.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

HistoryState read_history_state(const std::string& file, std::string judged, std::string& note) {
  HistoryState state;
  state.file = file;
  state.judged = std::move(judged);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return state;
  auto opened = open_file(file);
  std::string_view text = opened ? as_text(opened->bytes) : std::string_view();
  std::string_view first = text.substr(0, text.find('\n'));
  if (!first.starts_with(head)) {
    note = file + " is no state of a history: everything is read.";
    return state;
  }
  if (first.substr(head.size()) != state.judged) {
    note = "The program or its rules changed since " + file + " was written: everything is read.";
    return state;
  }
  for (std::string_view line : split(text.substr(first.size()), '\n')) {
    if (line.empty()) continue;
    if (!is_id(line)) {
      note = file + " is damaged: everything is read.";
      state.clean.clear();
      return state;
    }
    state.clean.emplace(line);
  }
  return state;
}

Result<int> write_history_state(const HistoryState& state) {
  std::string next = state.file + ".new";
  {
    std::ofstream out(next, std::ios::binary | std::ios::trunc);
    out << head << state.judged << '\n';
    for (const std::string& id : state.clean) out << id << '\n';
    if (!out.flush()) return Fail(Error{"write " + next, "cannot be written"});
  }
  std::error_code error;
  std::filesystem::rename(next, state.file, error);
  if (error) return Fail(Error{"write " + state.file, error.message()});
  return 0;
}

}  // namespace parapet
