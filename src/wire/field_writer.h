/// Writes Protobuf fields, by the rules of proto3: what is zero or empty is left out, save where it
/// says otherwise. Sizes are computed by functions of the same shape, so that a message's length is
/// known before its first byte.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "series/sample.h"
#include "wire/field_reader.h"
#include "wire/varint.h"

namespace prombraid::wire {

inline constexpr std::uint32_t tag_of(std::uint32_t number, WireType type) {
  return number << 3 | static_cast<std::uint32_t>(type);
}

inline constexpr std::size_t varint_field_size(std::uint32_t number, std::uint64_t value) {
  return value == 0 ? 0 : varint_size(tag_of(number, WireType::varint)) + varint_size(value);
}
inline constexpr std::size_t fixed64_field_size(std::uint32_t number, std::uint64_t bits) {
  return bits == 0 ? 0 : varint_size(tag_of(number, WireType::fixed64)) + 8;
}
/// Of a length-delimited field that is written even when it is empty, as one of `repeated` is.
inline constexpr std::size_t bytes_field_size(std::uint32_t number, std::size_t length) {
  return varint_size(tag_of(number, WireType::bytes)) + varint_size(length) + length;
}

/// Writes at a pointer to room that the caller has made, of the sizes above.
class FieldWriter {
 public:
  explicit FieldWriter(char* to) : at_(to) {}

  void varint(std::uint32_t number, std::uint64_t value) {
    if (value != 0) present_varint(number, value);
  }
  void int64(std::uint32_t number, std::int64_t value) {
    varint(number, static_cast<std::uint64_t>(value));
  }
  /// Zero too, as a member of a oneof is written.
  void present_varint(std::uint32_t number, std::uint64_t value) {
    at_ = put_varint(at_, tag_of(number, WireType::varint));
    at_ = put_varint(at_, value);
  }

  /// A double by its bits; only +0 is zero: -0 is written.
  void fixed64(std::uint32_t number, DoubleBits bits) {
    if (bits != 0) present_fixed64(number, bits);
  }
  void present_fixed64(std::uint32_t number, DoubleBits bits) {
    at_ = put_varint(at_, tag_of(number, WireType::fixed64));
    raw_fixed64(bits);
  }

  /// What comes before `length` bytes that the caller writes.
  void head(std::uint32_t number, std::size_t length) {
    at_ = put_varint(at_, tag_of(number, WireType::bytes));
    at_ = put_varint(at_, length);
  }
  void bytes(std::uint32_t number, std::string_view bytes) {
    head(number, bytes.size());
    raw(bytes);
  }
  /// Left out where it is empty.
  void text(std::uint32_t number, std::string_view text) {
    if (!text.empty()) bytes(number, text);
  }

  void raw(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(at_, bytes.data(), bytes.size());
    at_ += bytes.size();
  }
  void raw_fixed64(std::uint64_t bits) {
    std::memcpy(at_, &bits, sizeof bits);
    at_ += sizeof bits;
  }
  void raw_varint(std::uint64_t value) { at_ = put_varint(at_, value); }

  char* end() const { return at_; }

 private:
  char* at_;
};

}  // namespace prombraid::wire
