#include "engine/osv_database.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/text.h"
#include "io/mapped_file.h"
#include "io/unpack.h"
#include "knowledge/advisories.h"

namespace parapet {
namespace {

void add_one(std::string_view json, const std::string& name, Advisories& to, OsvLoaded& out) {
  ++out.files;
  auto read = read_osv(json);
  if (!read) {
    if (out.broken++ == 0) out.first_problem = printable(name) + ": " + read.error().cause;
    return;
  }
  for (PackageAdvisories& p : *read) to.add(std::move(p));
}

Result<OsvLoaded> add_folder(const std::string& path, Advisories& to) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::string> files;
  for (fs::recursive_directory_iterator it(path, error), end; !error && it != end;
       it.increment(error))
    if (it->path().extension() == ".json") files.push_back(it->path().string());
  if (error) return Fail(Error{"read advisories from " + path, error.message()});
  std::sort(files.begin(), files.end());
  OsvLoaded out;
  for (const std::string& file : files) {
    auto opened = open_file(file);
    if (opened)
      add_one(as_text(opened->bytes), file, to, out);
    else
      add_one("", file, to, out);
  }
  return out;
}

Result<OsvLoaded> add_zip(const std::string& path, Bytes bytes, Advisories& to) {
  OsvLoaded out;
  Budget budget(Limits{}, bytes.size());
  Unpacked unpacked = unpack(bytes, budget, [&](UnpackedMember&& m) {
    if (m.type != UnpackedMember::Type::file || extension(m.name) != "json") return;
    std::string_view json = m.error.empty() ? as_text(m.content.bytes) : std::string_view();
    add_one(json, m.name, to, out);
  });
  if (!unpacked.error.empty())
    return Fail(Error{"read advisories from " + path,
                      "after " + std::to_string(out.files) + " entries: " + unpacked.error});
  return out;
}

}  // namespace

Result<OsvLoaded> add_osv_export(const std::string& path, Advisories& to) {
  std::error_code error;
  OsvLoaded out;
  if (std::filesystem::is_directory(path, error)) {
    out = TRY(add_folder(path, to));
  } else {
    OpenFile opened = TRY(open_file(path));
    out = TRY(add_zip(path, opened.bytes, to));
  }
  if (out.files == out.broken)
    return Fail(Error{"read advisories from " + path,
                      out.files == 0 ? "no .json file in it: --osv takes the export of an ecosystem"
                                     : "no entry can be read; " + out.first_problem});
  return out;
}

Result<int> add_built_in(Advisories& to) {
  for (PackageAdvisories& p : TRY(load_advisories())) to.add(std::move(p));
  return 0;
}

}  // namespace parapet
