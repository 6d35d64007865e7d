/// CRC-32C by carry-less multiplication, 256 bytes at a step: more than twice as fast as by the
/// instruction made for it.
#pragma once

#if defined(__x86_64__)

#include <cstdint>
#include <string_view>

namespace prombraid::wire {

/// True where the processor multiplies vectors of 64 bytes so (AVX-512 with VPCLMULQDQ).
bool can_fold_crc32c();

/// Only where it can. Takes as many of `bytes` as make whole steps, none where they are less than
/// one, and leaves the rest in `bytes`. `crc` is inverted, as between the begin and the end of a
/// checksum.
std::uint32_t fold_crc32c(std::uint32_t crc, std::string_view& bytes);

}  // namespace prombraid::wire

#endif
