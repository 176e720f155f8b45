#pragma once
// A Python requirement (PEP 508) or a line of pip's options, wherever it stands.
#include <string_view>

#include "model/sink.h"

namespace parapet::dialects {

// dependency{name, version, specifier, pinned, hash, url, manager}.
void add_requirement(Sink& sink, std::string_view requirement, bool known, std::string_view manager,
                     Place place, std::int32_t of = -1);
// "==1.2" -> "1.2"
inline std::string_view without_signs(std::string_view specifier) {
  while (specifier.starts_with('=')) specifier.remove_prefix(1);
  return specifier;
}
// package-index{url, option, tls}; option index-url, extra-index-url, trusted-host, find-links.
void add_index(Sink& sink, std::string_view option, std::string_view url, bool known, Place place,
               std::int32_t of = -1);

}  // namespace parapet::dialects
