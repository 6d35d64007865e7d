/// CRC-32C (Castagnoli), the checksum of a remote_read frame (RFC 3720, appendix B.4).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace prombraid::wire {

/// The checksum of what `before` is the checksum of, followed by `bytes`. Start with 0.
/// Folds by carry-less products where the processor can, else uses its own instruction where there
/// is one, else tables.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

/// The polynomial 0x1edc6f41, its bits the other way round, as those of a byte are.
inline constexpr std::uint32_t crc32c_polynomial = 0x82f63b78;

/// One way to compute it. All ways that this processor can go, for tests: they must agree.
/// The last is the fastest.
struct Crc32cPath {
  const char* name;
  std::uint32_t (*extend)(std::uint32_t before, std::string_view bytes);
};
std::vector<Crc32cPath> crc32c_paths();

}  // namespace prombraid::wire
