#include "model/finding.h"

#include <array>

namespace parapet {
namespace {

constexpr std::array<std::string_view, 5> severities{"info", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 3> confidences{"low", "medium", "high"};

template <class Names, class Enum>
bool look_up(const Names& names, std::string_view text, Enum& out) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == text) {
      out = static_cast<Enum>(i);
      return true;
    }
  return false;
}

}  // namespace

std::string_view to_text(Severity s) { return severities[static_cast<std::size_t>(s)]; }
std::string_view to_text(Confidence c) { return confidences[static_cast<std::size_t>(c)]; }
bool from_text(std::string_view text, Severity& out) { return look_up(severities, text, out); }
bool from_text(std::string_view text, Confidence& out) { return look_up(confidences, text, out); }

}  // namespace parapet
