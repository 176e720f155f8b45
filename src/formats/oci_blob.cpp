// A file that is named by the digest of its content, as all of an OCI image layout are
// ("blobs/sha256/<64 hexadecimal digits>") and the large ones of a Hugging Face cache
// ("blobs/<64 digits>"). Spec: OCI image-spec, image-layout.md. What is in it is read by other
// formats.
#include "base/text.h"
#include "formats/format.h"
#include "io/digest.h"

namespace parapet::formats {
namespace {

constexpr std::size_t digits = 64;
// Digests run at a few hundred MB a second; a layer of weights is not worth that unasked.
constexpr std::uint64_t checked_up_to = 256ULL << 20U;  // bytes

bool recognises(const Artifact& a) {
  std::string_view name = file_name(a.name);
  if (name.size() != digits || name.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return false;
  std::string_view folder = std::string_view(a.name).substr(0, a.name.size() - digits);
  // What a compressed blob unpacks to is called like it, and is another content.
  if (folder.ends_with(std::string(name) + "!/")) return false;
  return folder.empty() || folder.ends_with("!/") || folder.ends_with("/sha256/") ||
         folder.ends_with("blobs/");
}

void parse(const Artifact& a, Sink& sink) {
  sink.is("oci_blob");
  if (a.bytes.size() > checked_up_to) {
    sink.partly("larger than 256 MiB: its digest was not checked");
    return;
  }
  std::string is = sha256_hex(a.bytes);
  std::string_view wanted = file_name(a.name);
  if (is == wanted) return;
  sink.anomaly("digest-mismatch",
               "the file is named by the digest " + std::string(wanted.substr(0, 12)) +
                   "… and its content has " + is.substr(0, 12) + "…",
               {0, a.bytes.size()});
}

}  // namespace

extern const Format oci_blob{
    "oci_blob",
    1,
    "Files named by their digest, as in container images",
    "https://github.com/opencontainers/image-spec/blob/main/image-layout.md",
    recognises,
    parse};

}  // namespace parapet::formats
