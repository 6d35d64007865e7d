/// Builds DNS messages byte by byte, right ones and wrong ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "discovery/answer.h"

namespace prombraid::discovery::testing {

using Message = std::vector<std::uint8_t>;

inline void put16(Message& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

inline void put32(Message& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

/// `name` without a trailing dot; uncompressed.
inline void put_name(Message& out, std::string_view name) {
  while (!name.empty()) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    out.push_back(static_cast<std::uint8_t>(dot));
    out.insert(out.end(), name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dot));
    name.remove_prefix(std::min(dot + 1, name.size()));
  }
  out.push_back(0);
}

/// Header and question; records follow by add_record.
inline Message reply_to(std::string_view name, RecordType type, unsigned rcode = 0,
                        unsigned id = 0) {
  Message out;
  put16(out, id);
  put16(out, 0x8180 | rcode);
  put16(out, 1);
  for (int i = 0; i < 3; ++i) put16(out, 0);
  put_name(out, name);
  put16(out, static_cast<unsigned>(type));
  put16(out, 1);
  return out;
}

/// Appends to the answer section and counts it there.
inline void add_record(Message& out, std::string_view owner, unsigned type, std::uint32_t ttl,
                       const Message& value) {
  put_name(out, owner);
  put16(out, type);
  put16(out, 1);
  put32(out, ttl);
  put16(out, static_cast<unsigned>(value.size()));
  out.insert(out.end(), value.begin(), value.end());
  const unsigned count = (static_cast<unsigned>(out[6]) << 8 | out[7]) + 1;
  out[6] = static_cast<std::uint8_t>(count >> 8);
  out[7] = static_cast<std::uint8_t>(count);
}

inline void add_a(Message& out, std::string_view owner, Message ip, std::uint32_t ttl = 60) {
  add_record(out, owner, ip.size() == 4 ? 1 : 28, ttl, ip);
}

inline void add_cname(Message& out, std::string_view owner, std::string_view target,
                      std::uint32_t ttl = 60) {
  Message value;
  put_name(value, target);
  add_record(out, owner, 5, ttl, value);
}

inline void add_srv(Message& out, std::string_view owner, unsigned port, std::string_view target,
                    std::uint32_t ttl = 60) {
  Message value;
  put32(value, 0);
  put16(value, port);
  put_name(value, target);
  add_record(out, owner, 33, ttl, value);
}

}  // namespace prombraid::discovery::testing
