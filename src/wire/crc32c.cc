#include "wire/crc32c.h"

#include <array>
#include <cstring>

#include "wire/crc32c_folded.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#endif

namespace prombraid::wire {

namespace {

// All paths work on the inverted checksum, eight bytes at a step where they can.

std::uint64_t load64(const char* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);  // little-endian, as all machines this is built for
  return word;
}

using Table = std::array<std::uint32_t, 256>;

// Table k advances the checksum of a byte over k more bytes of zeros, so that eight bytes need
// eight look-ups that do not wait for each other ("slicing by eight").
constexpr std::array<Table, 8> make_tables() {
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) * crc32c_polynomial);
    tables[0][byte] = crc;
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    for (std::size_t k = 1; k < 8; ++k) {
      const std::uint32_t crc = tables[k - 1][byte];
      tables[k][byte] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}

constexpr std::array<Table, 8> tables = make_tables();

std::uint32_t by_table(std::uint32_t before, std::string_view bytes) {
  std::uint32_t crc = ~before;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    const std::uint64_t word = load64(at) ^ crc;
    crc = 0;
    for (unsigned k = 0; k < 8; ++k) crc ^= tables[7 - k][(word >> (8 * k)) & 0xff];
  }
  for (; left > 0; ++at, --left) {
    crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xff];
  }
  return ~crc;
}

#if defined(__x86_64__)

#define PROMBRAID_CRC_TARGET __attribute__((target("sse4.2")))

PROMBRAID_CRC_TARGET inline std::uint64_t add_word(std::uint64_t crc, std::uint64_t word) {
  return _mm_crc32_u64(crc, word);
}
PROMBRAID_CRC_TARGET inline std::uint32_t add_byte(std::uint32_t crc, char byte) {
  return _mm_crc32_u8(crc, static_cast<unsigned char>(byte));
}

constexpr const char* instruction = "sse4.2";

bool has_instruction() {
  return __builtin_cpu_supports("sse4.2") != 0;
}

#elif defined(__aarch64__)

#define PROMBRAID_CRC_TARGET __attribute__((target("crc")))

PROMBRAID_CRC_TARGET inline std::uint64_t add_word(std::uint64_t crc, std::uint64_t word) {
  return __crc32cd(static_cast<std::uint32_t>(crc), word);
}
PROMBRAID_CRC_TARGET inline std::uint32_t add_byte(std::uint32_t crc, char byte) {
  return __crc32cb(crc, static_cast<unsigned char>(byte));
}

constexpr const char* instruction = "armv8-crc";

bool has_instruction() {
  constexpr unsigned long hwcap_crc32 = 1UL << 7;
  return (getauxval(AT_HWCAP) & hwcap_crc32) != 0;
}

#endif

#if defined(PROMBRAID_CRC_TARGET)

/// The instruction gives its result after three cycles and can begin anew in each, so three
/// checksums are made at once, of stripes of this many bytes, and put together.
constexpr std::size_t stripe = 256;

/// Advances a checksum over a stripe of zeros, byte by byte of the checksum.
constexpr std::array<Table, 4> make_skips() {
  std::array<Table, 4> skips{};
  for (unsigned k = 0; k < 4; ++k) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::uint32_t crc = 1U << (8 * k + bit);
      for (std::size_t i = 0; i < stripe; ++i) crc = (crc >> 8) ^ tables[0][crc & 0xff];
      skips[k][1U << bit] = crc;
    }
    for (unsigned byte = 1; byte < 256; ++byte) {
      const unsigned low = byte & (~byte + 1);
      skips[k][byte] = skips[k][byte ^ low] ^ skips[k][low];
    }
  }
  return skips;
}

constexpr std::array<Table, 4> skips = make_skips();

std::uint64_t skip_stripe(std::uint64_t crc) {
  return skips[0][crc & 0xff] ^ skips[1][crc >> 8 & 0xff] ^ skips[2][crc >> 16 & 0xff] ^
         skips[3][crc >> 24 & 0xff];
}

PROMBRAID_CRC_TARGET std::uint32_t by_instruction(std::uint32_t before, std::string_view bytes) {
  std::uint64_t crc = static_cast<std::uint32_t>(~before);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3 * stripe; at += 3 * stripe, left -= 3 * stripe) {
    std::uint64_t second = 0;
    std::uint64_t third = 0;
    for (std::size_t i = 0; i < stripe; i += 8) {
      crc = add_word(crc, load64(at + i));
      second = add_word(second, load64(at + stripe + i));
      third = add_word(third, load64(at + 2 * stripe + i));
    }
    crc = skip_stripe(skip_stripe(crc) ^ second) ^ third;
  }
  for (; left >= 8; at += 8, left -= 8) crc = add_word(crc, load64(at));
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; left > 0; ++at, --left) narrow = add_byte(narrow, *at);
  return ~narrow;
}

#else

constexpr auto by_instruction = by_table;
constexpr const char* instruction = "none";

bool has_instruction() {
  return false;
}

#endif

#if defined(__x86_64__)

std::uint32_t by_folding(std::uint32_t before, std::string_view bytes) {
  const std::uint32_t crc = ~fold_crc32c(~before, bytes);
  return by_instruction(crc, bytes);
}

#endif

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  static const auto extend = crc32c_paths().back().extend;
  return extend(before, bytes);
}

std::vector<Crc32cPath> crc32c_paths() {
  std::vector<Crc32cPath> paths = {{"table", by_table}};
  if (has_instruction()) paths.push_back({instruction, by_instruction});
#if defined(__x86_64__)
  if (can_fold_crc32c()) paths.push_back({"folded", by_folding});
#endif
  return paths;
}

}  // namespace prombraid::wire
