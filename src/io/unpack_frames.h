#pragma once
// What the unpacking process sends: u8 type, u32 size (little-endian), then `size` bytes.
//   member   u8 UnpackedMember::Type, u8 encrypted, u32 length, name, link
//   content  bytes of the last member
//   problem  why the last member is not complete
//   end      why reading ended; empty at the archive's end. Nothing follows.
#include <cstdint>

namespace parapet {

enum class FrameType : std::uint8_t { member = 1, content = 2, problem = 3, end = 4 };

inline constexpr std::uint32_t frame_limit = 1U << 20U;  // bytes after the header
inline constexpr std::uint64_t unpack_memory = 1ULL << 30U;
inline constexpr std::uint64_t unpack_cpu_seconds = 120;

}  // namespace parapet
