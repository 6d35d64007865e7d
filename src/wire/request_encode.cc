#include <snappy.h>

#include "wire/field_writer.h"
#include "wire/request.h"

namespace prombraid::wire {

namespace {

// A request is small and rare: each message is built as a string of its own and then put into the
// one around it, which needs no sizes beforehand.
class Message {
 public:
  Message& varint(std::uint32_t number, std::uint64_t value) {
    return write(varint_field_size(number, value), [&](auto& out) { out.varint(number, value); });
  }
  Message& int64(std::uint32_t number, std::int64_t value) {
    return varint(number, static_cast<std::uint64_t>(value));
  }
  Message& bytes(std::uint32_t number, std::string_view bytes) {
    return write(bytes_field_size(number, bytes.size()),
                 [&](auto& out) { out.bytes(number, bytes); });
  }
  Message& text(std::uint32_t number, std::string_view text) {
    return text.empty() ? *this : bytes(number, text);
  }
  Message& raw_varint(std::uint64_t value) {
    return write(varint_size(value), [&](auto& out) { out.raw_varint(value); });
  }
  const std::string& str() const { return bytes_; }

 private:
  template <class Write>
  Message& write(std::size_t size, Write fields) {
    bytes_.resize(bytes_.size() + size);
    FieldWriter out(bytes_.data() + bytes_.size() - size);
    fields(out);
    return *this;
  }

  std::string bytes_;
};

std::string encode_matcher(const Matcher& matcher) {
  return Message()
      .varint(1, static_cast<std::uint64_t>(matcher.type))
      .text(2, matcher.name)
      .text(3, matcher.value)
      .str();
}

std::string encode_hints(const ReadHints& hints) {
  Message out;
  out.int64(1, hints.step_ms).text(2, hints.func);
  out.int64(3, hints.range.start).int64(4, hints.range.end);
  for (const std::string& label : hints.grouping) out.bytes(5, label);
  out.varint(6, hints.by ? 1 : 0).int64(7, hints.range_ms);
  return out.str();
}

std::string encode_query(const Query& query) {
  Message out;
  out.int64(1, query.range.start).int64(2, query.range.end);
  for (const Matcher& matcher : query.matchers) out.bytes(3, encode_matcher(matcher));
  if (query.hints) out.bytes(4, encode_hints(*query.hints));
  return out.str();
}

}  // namespace

std::string encode_read_request(const ReadRequest& request) {
  Message out;
  for (const Query& query : request.queries) out.bytes(1, encode_query(query));
  Message accepted;
  for (const std::uint32_t type : request.accepted) accepted.raw_varint(type);
  out.text(2, accepted.str());
  std::string body;
  snappy::Compress(out.str().data(), out.str().size(), &body);
  return body;
}

}  // namespace prombraid::wire
