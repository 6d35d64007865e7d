/// What a DNS lookup came to, and the reading of a reply's bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace prombraid::discovery {

/// Values as on the wire (IANA DNS parameters).
enum class RecordType : std::uint16_t { a = 1, aaaa = 28, srv = 33 };

const char* name_of(RecordType type);  ///< "A", "AAAA", "SRV"

struct Record {
  std::string target;      ///< canonical IP (A, AAAA), or a name with its trailing dot (SRV)
  std::uint16_t port = 0;  ///< SRV only

  bool operator==(const Record&) const = default;
  auto operator<=>(const Record&) const = default;
};

/// No reply may name more replicas than this: sorted, the first ones are taken.
inline constexpr std::size_t max_records = 1000;

struct Answer {
  enum class Kind {
    records,       ///< at least one
    no_records,    ///< the name is there, but not with this type
    no_such_name,  ///< NXDOMAIN
    failed,        ///< says nothing about the name
  };

  static Answer failure(std::string reason, std::string text);

  Kind kind = Kind::failed;
  std::vector<Record> records;  ///< sorted, none twice, at most max_records
  std::uint32_t ttl = 0;        ///< seconds; the smallest of the records and the CNAMEs before them
  std::uint32_t left_out = 0;   ///< records unusable (0.0.0.0, ::, target ".", port 0) or too many
  std::string reason;           ///< of a failure, a word for a metric: "timeout", "malformed", ...
  std::string text;             ///< one line for people

  bool operator==(const Answer&) const = default;
};

/// Reads a whole reply (RFC 1035 section 4; SRV by RFC 2782). Follows at most 16 CNAMEs from the
/// name in the question, in whatever order they stand; records of other names are not taken. A TTL
/// with its top bit set counts as 0 (RFC 2181 section 8). Bytes that do not parse and CNAMEs in a
/// circle are failures ("malformed", "cname_loop"), never an empty answer.
Answer read_answer(std::span<const std::uint8_t> message, RecordType type);

}  // namespace prombraid::discovery
