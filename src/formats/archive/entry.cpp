#include "formats/archive/entry.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/cursor.h"
#include "base/program_kind.h"
#include "base/text.h"

namespace parapet::archive {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    std::size_t n = path.find_first_of("/\\");
    std::string_view part = path.substr(0, n);
    path.remove_prefix(n == std::string_view::npos ? path.size() : n + 1);
    if (part.empty() || part == ".") continue;
    if (part == ".." && !out.empty() && out.back() != "..")
      out.pop_back();
    else
      out.push_back(part);
  }
  return out;
}

}  // namespace

std::string normalised(std::string_view path) {
  std::string out;
  for (auto part : segments(path)) {
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

bool climbs_out(std::string_view path) {
  auto parts = segments(path);
  return !parts.empty() && parts.front() == "..";
}

bool is_absolute(std::string_view path) {
  if (path.starts_with('/') || path.starts_with('\\')) return true;
  return path.size() >= 3 && is_alpha(path[0]) && path[1] == ':' &&
         (path[2] == '\\' || path[2] == '/');
}

std::string inner_name(std::string_view artifact) {
  std::string_view name = file_name(artifact);
  std::string ext = extension(name);
  if (ext.empty() || ext.size() + 1 >= name.size()) return std::string(name);
  std::string_view stem = name.substr(0, name.size() - ext.size() - 1);
  for (std::string_view e : {"gz", "bz2", "xz", "lzma", "zst", "zstd", "lz4", "z", "zz", "zlib"})
    if (ext == e) return std::string(stem);
  for (std::string_view e : {"tgz", "tbz", "tbz2", "txz", "tzst"})
    if (ext == e) return std::string(stem) + ".tar";
  return std::string(name);
}

bool has_model_extension(std::string_view name) {
  static constexpr std::array<std::string_view, 16> all{
      "pt",    "pth", "ckpt", "bin", "keras",  "npz",     "nemo",  "mar",
      "skops", "pkl", "ptl",  "pt2", "joblib", "mlmodel", "torch", "model"};
  std::string ext = extension(name);
  return std::find(all.begin(), all.end(), ext) != all.end();
}

Members::Members(const Artifact& artifact, Sink& sink, std::string_view container,
                 std::string_view model)
    : artifact_(artifact),
      sink_(sink),
      kind_(model),
      is_model_(!model.empty() || has_model_extension(artifact.name)) {
  if (kind_.empty()) kind_ = is_model_ ? "model" : container;
}

Place Members::place(std::uint64_t offset, std::uint64_t length) const {
  std::uint64_t size = artifact_.bytes.size();
  offset = std::min(offset, size);
  return {offset, std::min(length, size - offset)};
}

void Members::problem(std::string_view name, std::string_view method, std::string_view problem,
                      std::string says, Place place, std::string_view target) {
  Fact f{"archive-entry", {}, std::move(place), std::move(says)};
  f.set("name", name).set("problem", problem).set("archive", kind_);
  if (!method.empty()) f.set("method", method);
  if (!target.empty()) f.set("target", target);
  sink_.add(std::move(f));
}

void Members::anomaly(std::string_view name, std::string says, std::uint64_t offset,
                      std::uint64_t length) {
  Fact f{"anomaly", {}, place(offset, length), std::move(says)};
  f.set("name", name).set("archive", kind_);
  sink_.add(std::move(f));
}

void Members::check_name(std::string_view name, std::string_view method, Place place) {
  std::string shown = printable(name);
  if (is_absolute(name))
    problem(name, method, "absolute", "member name " + shown + " is an absolute path", place);
  if (climbs_out(name))
    problem(name, method, "slip", "member name " + shown + " leaves the folder it is unpacked into",
            place);
  if (links_.empty()) return;
  std::string path = normalised(name);
  for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
    auto link = links_.find(std::string_view(path).substr(0, at));
    if (link == links_.end()) continue;
    problem(name, method, "through-symlink",
            "member " + shown + " is written through the symbolic link " + printable(*link), place);
    return;
  }
}

void Members::check_link(std::string_view name, std::string_view target, bool hard,
                         std::string_view method, Place place) {
  std::string path = normalised(name);
  if (!hard) links_.insert(path);
  // A symbolic link is read from its own folder, a hard link from the archive's root.
  std::string folder =
      path.rfind('/') == std::string::npos ? "" : path.substr(0, path.rfind('/') + 1);
  bool absolute = is_absolute(target);
  if (!absolute && !climbs_out(hard ? std::string(target) : folder + std::string(target))) return;
  problem(name, method, hard ? "hardlink" : "symlink",
          std::string(hard ? "hard" : "symbolic") + " link " + printable(name) +
              " points outside the archive: " + printable(target),
          place, target);
}

void Members::check_content(std::string_view name, std::string_view method, Bytes content,
                            Place place) {
  if (!is_model_) return;
  std::string_view what = program_kind(content);
  if (!what.empty())
    problem(name, method, "executable",
            std::string(what) + " in a model archive: " + printable(name), place, what);
}

}  // namespace parapet::archive
