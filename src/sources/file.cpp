// One file, named by the user: a link is followed here, since the user asked for it.
#include <filesystem>

#include "sources/source.h"

namespace parapet::sources {
namespace {

namespace fs = std::filesystem;

bool accepts(const std::string& target, const SourceOptions&) {
  std::error_code error;
  return target != "-" && !target.starts_with('@') && !fs::is_directory(target, error);
}

Result<int> walk(const std::string& target, const SourceOptions&,
                 const std::function<void(Root&&)>& yield) {
  std::error_code error;
  fs::file_status status = fs::status(target, error);
  if (!fs::exists(status)) return Fail(Error{"open " + target, "no such file or folder"});
  if (!fs::is_regular_file(status)) return Fail(Error{"open " + target, "is not a regular file"});
  fs::path real = fs::canonical(target, error);
  fs::path shown = fs::path(target).lexically_normal();
  std::string name = shown.string();
  if (shown.is_absolute() || name.starts_with("../")) name = shown.filename().string();
  yield({name, error ? target : real.string(), {}, {}, 0});
  return 1;
}

}  // namespace

extern const Source file{"file", "one file", accepts, walk};

}  // namespace parapet::sources
