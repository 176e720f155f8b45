#include "sources/shared/target_name.h"

#include <filesystem>

namespace parapet {

std::string shown_as(const std::string& target) {
  std::filesystem::path path = std::filesystem::path(target).lexically_normal();
  std::string text = path.string();
  while (text.ends_with('/')) text.pop_back();
  if (text.empty() || text == "." || text == ".." || text.ends_with("/..")) return "";
  if (path.is_absolute() || text.starts_with("../"))
    text = std::filesystem::path(text).filename().string();
  return text + "/";
}

}  // namespace parapet
