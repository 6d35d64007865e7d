#include "discovery/answer.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <arpa/inet.h>

#include "discovery/endpoint.h"

namespace prombraid::discovery {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint16_t class_in = 1;
constexpr std::uint16_t type_cname = 5;
constexpr int most_cnames = 16;
constexpr int most_pointers = 64;          // a name of 127 labels needs no more
constexpr std::size_t longest_name = 254;  // text, with the last dot

/// A place in a message. A read past the end gives zeros and sets `bad`.
struct Cursor {
  Bytes message;
  std::size_t at = 0;
  bool bad = false;

  std::uint8_t u8() {
    if (at >= message.size()) {
      bad = true;
      return 0;
    }
    return message[at++];
  }
  std::uint16_t u16() {
    const unsigned high = u8();
    return static_cast<std::uint16_t>(high << 8 | u8());
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  void skip(std::size_t n) {
    if (n > message.size() - std::min(at, message.size())) bad = true;
    at = bad ? message.size() : at + n;
  }
};

/// Reads a name (RFC 1035 section 4.1.4) in lower case with a trailing dot and moves past it.
/// Characters that no host name has become `?`: such a name matches nothing and looks up as
/// nothing, and can't bring a dot, a space or a control character into a Host header.
std::string read_name(Cursor& cursor) {
  std::string name;
  std::optional<std::size_t> after;
  int pointers = 0;
  for (;;) {
    const std::uint8_t length = cursor.u8();
    if (cursor.bad || length == 0) break;
    if ((length & 0xc0) == 0xc0) {
      const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | cursor.u8();
      if (!after) after = cursor.at;
      if (++pointers > most_pointers) cursor.bad = true;
      cursor.at = target;
      continue;
    }
    if (length > 63 || name.size() + length + 1 > longest_name) cursor.bad = true;
    for (int i = 0; i < length && !cursor.bad; ++i) {
      const char c = static_cast<char>(cursor.u8());
      const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      const bool upper = c >= 'A' && c <= 'Z';
      name += plain ? c : upper ? static_cast<char>(c + ('a' - 'A')) : '?';
    }
    name += '.';
  }
  if (after) cursor.at = *after;
  if (name.empty()) name = ".";
  return name;
}

struct ResourceRecord {
  std::string owner;
  std::uint16_t type = 0;
  std::uint32_t ttl = 0;
  std::size_t begin = 0;  ///< of its data
  std::size_t size = 0;
};

struct Reply {
  std::string question;
  unsigned rcode = 0;
  std::vector<ResourceRecord> answers;  ///< class IN, of the type asked for or CNAME
};

std::optional<Reply> read_reply(Bytes message, RecordType type) {
  Cursor cursor{message};
  cursor.skip(2);
  const std::uint16_t flags = cursor.u16();
  const unsigned questions = cursor.u16();
  const unsigned answers = cursor.u16();
  cursor.skip(4);
  constexpr unsigned is_reply = 0x8000;
  if (cursor.bad || (flags & is_reply) == 0 || questions != 1) return std::nullopt;
  Reply reply;
  reply.rcode = flags & 0xf;
  reply.question = read_name(cursor);
  if (cursor.u16() != static_cast<std::uint16_t>(type)) return std::nullopt;
  cursor.skip(2);
  for (unsigned i = 0; i < answers && !cursor.bad; ++i) {
    ResourceRecord record;
    record.owner = read_name(cursor);
    record.type = cursor.u16();
    const std::uint16_t klass = cursor.u16();
    record.ttl = cursor.u32();
    record.size = cursor.u16();
    record.begin = cursor.at;
    cursor.skip(record.size);
    const bool wanted =
        record.type == static_cast<std::uint16_t>(type) || record.type == type_cname;
    if (klass == class_in && wanted && !cursor.bad) reply.answers.push_back(std::move(record));
  }
  if (cursor.bad) return std::nullopt;
  return reply;
}

void lower_ttl(std::uint32_t& smallest, std::uint32_t ttl) {
  constexpr std::uint32_t top_bit = 0x80000000U;
  smallest = std::min(smallest, (ttl & top_bit) != 0 ? 0 : ttl);
}

/// The name that the question's name is an alias of in the end; nothing where they go in a circle.
std::optional<std::string> follow_cnames(Bytes message, const Reply& reply, std::uint32_t& ttl) {
  std::string name = reply.question;
  for (int hop = 0; hop <= most_cnames; ++hop) {
    const auto alias = std::find_if(
        reply.answers.begin(), reply.answers.end(),
        [&](const ResourceRecord& r) { return r.type == type_cname && r.owner == name; });
    if (alias == reply.answers.end()) return name;
    lower_ttl(ttl, alias->ttl);
    Cursor cursor{message, alias->begin};
    name = read_name(cursor);
    if (cursor.bad) return std::nullopt;
  }
  return std::nullopt;
}

/// Nothing for a record whose data is broken. A record to be left out comes back with no target.
std::optional<Record> read_record(Bytes message, const ResourceRecord& record, RecordType type) {
  const std::uint8_t* bytes = message.data() + record.begin;
  if (type == RecordType::srv) {
    Cursor cursor{message, record.begin};
    cursor.skip(4);  // priority and weight: every target is a replica, whatever its rank
    const std::uint16_t port = cursor.u16();
    std::string target = read_name(cursor);
    if (cursor.bad || cursor.at != record.begin + record.size) return std::nullopt;
    const bool usable = port != 0 && target != "." && target.find('?') == target.npos;
    return usable ? Record{std::move(target), port} : Record{};
  }
  const bool v4 = type == RecordType::a;
  if (record.size != (v4 ? 4 : 16)) return std::nullopt;
  char text[INET6_ADDRSTRLEN];
  inet_ntop(v4 ? AF_INET : AF_INET6, bytes, text, sizeof text);
  std::string ip = canonical_ip(text).value_or("");
  return is_unspecified(ip) ? Record{} : Record{std::move(ip), 0};
}

void finish(Answer& answer, RecordType type, std::uint32_t ttl) {
  auto& records = answer.records;
  std::sort(records.begin(), records.end());
  records.erase(std::unique(records.begin(), records.end()), records.end());
  if (records.size() > max_records) {
    answer.left_out += static_cast<std::uint32_t>(records.size() - max_records);
    records.resize(max_records);
  }
  answer.kind = records.empty() ? Answer::Kind::no_records : Answer::Kind::records;
  answer.ttl = records.empty() ? 0 : ttl;
  const std::string what = std::string(" ") + name_of(type) + " records";
  answer.text = records.empty()
                    ? "no" + what
                    : std::to_string(records.size()) + what + ", TTL " + std::to_string(ttl) + " s";
  if (answer.left_out > 0) answer.text += ", " + std::to_string(answer.left_out) + " left out";
}

}  // namespace

const char* name_of(RecordType type) {
  switch (type) {
    case RecordType::a:
      return "A";
    case RecordType::aaaa:
      return "AAAA";
    case RecordType::srv:
      return "SRV";
  }
  return "?";
}

Answer Answer::failure(std::string reason, std::string text) {
  Answer answer;
  answer.reason = std::move(reason);
  answer.text = std::move(text);
  return answer;
}

Answer read_answer(Bytes message, RecordType type) {
  constexpr unsigned nxdomain = 3;
  const std::optional<Reply> reply = read_reply(message, type);
  if (!reply) return Answer::failure("malformed", "a reply that is not valid DNS");
  Answer answer;
  if (reply->rcode == nxdomain) {
    answer.kind = Answer::Kind::no_such_name;
    answer.text = "no such name (NXDOMAIN)";
    return answer;
  }
  if (reply->rcode != 0) {
    return Answer::failure("server",
                           "the server answered with code " + std::to_string(reply->rcode));
  }
  std::uint32_t ttl = std::numeric_limits<std::uint32_t>::max();
  const std::optional<std::string> owner = follow_cnames(message, *reply, ttl);
  if (!owner) return Answer::failure("cname_loop", "CNAME records in a circle, or more than 16");
  for (const ResourceRecord& entry : reply->answers) {
    if (entry.type != static_cast<std::uint16_t>(type) || entry.owner != *owner) continue;
    std::optional<Record> record = read_record(message, entry, type);
    if (!record) return Answer::failure("malformed", "a record whose data is broken");
    lower_ttl(ttl, entry.ttl);
    if (record->target.empty()) {
      ++answer.left_out;
    } else {
      answer.records.push_back(std::move(*record));
    }
  }
  finish(answer, type, ttl);
  return answer;
}

}  // namespace prombraid::discovery
