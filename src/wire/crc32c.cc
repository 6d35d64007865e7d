#include "wire/crc32c.h"

#include <array>
#include <cstring>

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
  constexpr std::uint32_t polynomial = 0x82f63b78;  // 0x1edc6f41, bits reversed
  std::array<Table, 8> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) * polynomial);
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

__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t before,
                                                               std::string_view bytes) {
  std::uint64_t crc = static_cast<std::uint32_t>(~before);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) crc = _mm_crc32_u64(crc, load64(at));
  auto narrow = static_cast<std::uint32_t>(crc);
  for (; left > 0; ++at, --left) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*at));
  return ~narrow;
}

constexpr const char* instruction = "sse4.2";

bool has_instruction() {
  return __builtin_cpu_supports("sse4.2") != 0;
}

#elif defined(__aarch64__)

__attribute__((target("crc"))) std::uint32_t by_instruction(std::uint32_t before,
                                                            std::string_view bytes) {
  std::uint32_t crc = ~before;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) crc = __crc32cd(crc, load64(at));
  for (; left > 0; ++at, --left) crc = __crc32cb(crc, static_cast<unsigned char>(*at));
  return ~crc;
}

constexpr const char* instruction = "armv8-crc";

bool has_instruction() {
  constexpr unsigned long hwcap_crc32 = 1UL << 7;
  return (getauxval(AT_HWCAP) & hwcap_crc32) != 0;
}

#else

constexpr auto by_instruction = by_table;
constexpr const char* instruction = "none";

bool has_instruction() {
  return false;
}

#endif

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  static const auto extend = has_instruction() ? by_instruction : by_table;
  return extend(before, bytes);
}

std::vector<Crc32cPath> crc32c_paths() {
  std::vector<Crc32cPath> paths = {{"table", by_table}};
  if (has_instruction()) paths.push_back({instruction, by_instruction});
  return paths;
}

}  // namespace prombraid::wire
