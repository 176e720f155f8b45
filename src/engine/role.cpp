#include "engine/role.h"

#include "base/text.h"

namespace parapet {
namespace {

struct Name {
  std::string_view part, role;
};
// Whole folder names. The first folder from the left that says something decides.
constexpr Name folders[] = {{"test", "test"},
                            {"tests", "test"},
                            {"testing", "test"},
                            {"testdata", "test"},
                            {"fixtures", "test"},
                            {"__tests__", "test"},
                            {"example", "example"},
                            {"examples", "example"},
                            {"sample", "example"},
                            {"samples", "example"},
                            {"tutorial", "example"},
                            {"tutorials", "example"},
                            {"doc", "docs"},
                            {"docs", "docs"},
                            {"documentation", "docs"},
                            {"third_party", "example"},
                            {"vendor", "example"},
                            {"node_modules", "example"},
                            {"site-packages", "example"},
                            {".github", "ci"},
                            {".gitlab", "ci"},
                            {".circleci", "ci"},
                            {"k8s", "deploy"},
                            {"kubernetes", "deploy"},
                            {"helm", "deploy"},
                            {"charts", "deploy"},
                            {"deploy", "deploy"},
                            {"deployment", "deploy"},
                            {"deployments", "deploy"},
                            {"terraform", "deploy"},
                            {"infra", "deploy"},
                            {"manifests", "deploy"},
                            {"kustomize", "deploy"}};

}  // namespace

std::string_view role_of(std::string_view path) {
  auto outer = split_once(path, "!/").before;
  auto parts = split(outer, '/');
  std::string name = lower(parts.back());
  parts.pop_back();
  for (auto part : parts) {
    std::string folder = lower(part);
    for (const Name& n : folders)
      if (folder == n.part) return n.role;
  }
  if (name.starts_with("test_") || name.ends_with("_test.py") || name == "conftest.py")
    return "test";
  if (name.ends_with(".example") || name.ends_with(".sample") || name.ends_with(".template") ||
      name.ends_with(".dist"))
    return "example";
  if (name.ends_with(".md") || name.ends_with(".rst") || name.ends_with(".adoc")) return "docs";
  if (name == ".gitlab-ci.yml" || name == "jenkinsfile" || name == "azure-pipelines.yml")
    return "ci";
  return "";
}

}  // namespace parapet
