#pragma once
// Where a pickle may start: at the front of a file, or hidden in other data.
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "model/budget.h"

namespace parapet::pickle {

// Do these bytes start with a pickle? Strict for protocols 0 and 1, which have no mark: text that
// merely starts with a letter is none.
bool starts_like_pickle(Bytes bytes, Budget& budget, unsigned streams = 0);

// Is all of it one sound pickle? For values so small that nothing else tells them ("I1\n.").
bool is_whole_pickle(Bytes bytes, Budget& budget);

// Is this the front of a container that another format takes apart, so that what lies in it is
// scanned as a child and need not be searched for?
bool is_container(Bytes bytes);

// The first offset in [from, to) where a stream starts that imports and calls something, or that is
// whole and imports something. `effort` is what may still be spent on tries, in opcodes.
std::optional<std::uint64_t> find_stream(Bytes bytes, std::uint64_t from, std::uint64_t to,
                                         Budget& budget, std::uint64_t& effort);

inline constexpr std::uint64_t search_effort = 32'000'000;

}  // namespace parapet::pickle
