#pragma once
// The fingerprint by which GitHub code scanning follows an alert through edits of a file:
// `primaryLocationLineHash`, as github/codeql-action defines it in src/fingerprints.ts. A hash of
// the 100 characters (UTF-16 units, spaces and tabs skipped, CR and CRLF read as LF) from a line's
// start, in base 37 modulo 2^64, with the number of its occurrence in the file:
// "a7f2ff13bc495cf2:1".
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace parapet {

// One "hash:occurrence" per line; the first stands for line 1. A text that ends in a line feed has
// an empty last line.
std::vector<std::string> line_hashes(std::string_view text);

// The same for a few lines only (numbers from 1): memory does not grow with the text.
std::map<std::uint32_t, std::string> line_hashes(std::string_view text,
                                                 std::span<const std::uint32_t> lines);

}  // namespace parapet
