/// Reads the fields of one Protobuf message in the order they come, without copying and without
/// exceptions (https://protobuf.dev/programming-guides/encoding/).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "wire/varint.h"

namespace prombraid::wire {

enum class WireType : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

/// Use:
///
///     FieldReader in(message);
///     while (in.next()) {
///       switch (in.number()) { case 1: x = in.varint(); break; ... }  // others are skipped
///     }
///     if (!in.ok()) return in.error(ErrorKind::corrupt, "Query");
///
/// The first malformed field ends the loop, as does a value that is asked for by a wrong type (the
/// answer is then zero or empty). Groups, which proto3 does not have, are malformed.
class FieldReader {
 public:
  FieldReader() = default;  ///< over an empty message
  explicit FieldReader(std::string_view message)
      : at_(message.data()), end_(message.data() + message.size()) {}

  /// Goes to the next field; false at the end or where the bytes are malformed.
  [[gnu::always_inline]] bool next() {
    if (at_ == end_ || problem_ != nullptr) return false;
    return read_tag() && read_value();
  }

  std::uint32_t number() const { return number_; }
  WireType type() const { return type_; }

  std::uint64_t varint() { return is(WireType::varint) ? value_ : 0; }
  std::int64_t int64() { return static_cast<std::int64_t>(varint()); }
  /// int32, uint32, enum: the low 32 bits, as every decoder takes them.
  std::uint32_t uint32() { return static_cast<std::uint32_t>(varint()); }
  std::int32_t sint32() { return static_cast<std::int32_t>(unzigzag(uint32())); }
  std::uint64_t fixed64() { return is(WireType::fixed64) ? value_ : 0; }
  std::string_view bytes() { return is(WireType::bytes) ? bytes_ : std::string_view(); }

  bool ok() const { return problem_ == nullptr; }
  /// `message: field 3: wrong wire type`. To be called where !ok().
  Error error(ErrorKind kind, const char* message) const;

 private:
  bool read_tag();
  bool read_value();
  bool read_bytes();
  bool is(WireType type) {
    if (type_ != type) fail("wrong wire type");
    return type_ == type;
  }
  bool fail(const char* problem) {
    problem_ = problem;
    return false;
  }

  // Of a tag or a length, which have 32 bits. Longer ones, padded with zeros, are taken by some
  // decoders and refused by others.
  static constexpr std::ptrdiff_t longest = 5;

  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t value_ = 0;
  std::string_view bytes_;
  std::uint32_t number_ = 0;
  WireType type_ = WireType::varint;
  const char* problem_ = nullptr;
};

[[gnu::always_inline]] inline bool FieldReader::read_tag() {
  const char* const begin = at_;
  std::uint64_t tag = static_cast<unsigned char>(*at_);
  if (tag < 0x80) {
    ++at_;
  } else if (at_ = get_varint(at_, end_, tag); at_ == nullptr || at_ - begin > longest) {
    at_ = end_;
    return fail("bad tag");
  }
  type_ = static_cast<WireType>(tag & 7);
  if (tag >> 3 == 0 || tag >> 3 >= 1 << 29) return fail("bad field number");
  number_ = static_cast<std::uint32_t>(tag >> 3);
  return true;
}

[[gnu::always_inline]] inline bool FieldReader::read_bytes() {
  std::uint64_t length = 0;
  if (at_ != end_ && static_cast<unsigned char>(*at_) < 0x80) {
    length = static_cast<unsigned char>(*at_++);
  } else if (const char* after = get_varint(at_, end_, length);
             after != nullptr && after - at_ <= longest) {
    at_ = after;
  } else {
    return fail("bad length");
  }
  if (length > static_cast<std::uint64_t>(end_ - at_)) return fail("longer than its message");
  bytes_ = {at_, static_cast<std::size_t>(length)};
  at_ += length;
  return true;
}

[[gnu::always_inline]] inline bool FieldReader::read_value() {
  switch (type_) {
    case WireType::varint:
      if (const char* after = get_varint(at_, end_, value_)) {
        at_ = after;
        return true;
      }
      return fail("bad varint");
    case WireType::bytes:
      return read_bytes();
    case WireType::fixed64:
    case WireType::fixed32: {
      const std::size_t width = type_ == WireType::fixed64 ? 8 : 4;
      if (static_cast<std::size_t>(end_ - at_) < width) return fail("cut short");
      value_ = 0;
      std::memcpy(&value_, at_, width);  // little-endian, as all machines this is built for
      at_ += width;
      return true;
    }
  }
  return fail("unknown wire type");
}

}  // namespace prombraid::wire
