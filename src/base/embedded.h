#pragma once
// Files that the build put into the program (cmake/embed.cmake).
#include <span>
#include <string_view>

namespace parapet {

struct EmbeddedFile {
  const char* path =
      "";  // relative to the embedded folder: "insecure-accounts/mlflow_open/rule.yaml"
  const char* begin = "";
  const char* end = begin;
  std::string_view text() const { return {begin, static_cast<std::size_t>(end - begin)}; }
};

std::span<const EmbeddedFile> embedded_rules();
std::span<const EmbeddedFile> embedded_knowledge();
std::span<const EmbeddedFile> embedded_web();
std::span<const EmbeddedFile> embedded_docs();  // facts.md

}  // namespace parapet
