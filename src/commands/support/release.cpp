#include "commands/support/release.h"

#include <filesystem>

#include "io/digest.h"
#include "io/mapped_file.h"
#include "knowledge/atlas_file.h"

namespace parapet {
namespace {

constexpr std::size_t max_size = 16U << 20U;  // bytes; the official file has half a megabyte

}  // namespace

Result<Release> open_release(const std::string& path) {
  if (path.empty()) return Release{TRY(load_knowledge()), {}};
  // The user names this file, so a link to it is followed.
  std::error_code failed;
  auto real = std::filesystem::canonical(path, failed);
  if (failed) return Fail(Error{"open " + path, failed.message()});
  OpenFile file = TRY(open_file(real.string()));
  if (file.bytes.size() > max_size)
    return Fail(Error{"read ATLAS file " + path, "it is larger than 16 MiB"});
  auto knowledge = load_atlas_file(as_text(file.bytes));
  if (!knowledge) return Fail(Error{"read ATLAS file " + path, std::move(knowledge).error().cause});
  return Release{*std::move(knowledge), sha256_hex(file.bytes)};
}

}  // namespace parapet
