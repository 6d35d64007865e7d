#include "wire/request.h"

#include <limits>

#include <doctest/doctest.h>

#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

ReadRequest example() {
  Query query;
  query.range = {-9223309901257974000, 9223309901257974999};
  query.matchers = {{MatchType::equal, "__name__", "up"},
                    {MatchType::not_regex, "job", "a|\xff"},
                    {MatchType::regex, "pod", ""}};
  query.hints = ReadHints{15000, "rate", {1, 2}, {"job", ""}, true, 300000};
  return {{query, Query{}}, {1, 0}};
}

Result<ReadRequest> decode(const prometheus::ReadRequest& message, const RequestLimits& limits) {
  return decode_read_request(compressed(message.SerializeAsString()), limits);
}

Result<ReadRequest> decode_bytes(const std::string& message) {
  return decode_read_request(compressed(message), {});
}

TEST_CASE("a request comes back as it was") {
  CHECK(decode_read_request(encode_read_request(example()), {}).value() == example());
}

TEST_CASE("the generated classes read what we write and we read what they write") {
  const std::string bytes = uncompressed(encode_read_request(example()));
  CHECK(bytes == to_proto(example()).SerializeAsString());
  CHECK(decode_bytes(bytes).value() == example());
}

TEST_CASE("response types may come packed or one by one, and unknown ones") {
  const auto packed = decode_bytes(std::string("\x12\x03\x14\x01\x00", 5));
  CHECK(packed->accepted == std::vector<std::uint32_t>{20, 1, 0});
  CHECK(decode_bytes(std::string("\x10\x01\x10\x00", 4))->accepted ==
        std::vector<std::uint32_t>{1, 0});
}

TEST_CASE("unknown fields are skipped") {
  auto request = decode_bytes(std::string("\x0a\x04\x08\x05\x50\x01\x98\x06\x01", 9));
  REQUIRE(request.has_value());
  CHECK(request->queries.at(0).range.start == 5);
}

TEST_CASE("malformed requests are the client's fault, and the text says where") {
  const struct {
    const char* name;
    std::string bytes;
    const char* text;
  } cases[] = {
      {"a matcher of type 7", std::string("\x0a\x04\x1a\x02\x08\x07", 6),
       "query 0: invalid matcher type 7"},
      {"queries as a varint", "\x08\x01", "ReadRequest: field 1: wrong wire type"},
      {"start as bytes", std::string("\x0a\x02\x0a\x00", 4), "Query: field 1: wrong wire type"},
      {"a query longer than the body", "\x0a\x05", "longer than its message"},
      {"a group", "\x0b\x0c", "unknown wire type"},
      {"field number zero", std::string("\x00\x00", 2), "bad field number"},
      {"a varint without end", "\x10\xff\xff", "bad varint"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    const auto request = decode_bytes(c.bytes);
    REQUIRE(request.has_error());
    CHECK(request.error().kind == ErrorKind::bad_request);
    CAPTURE(request.error().what);
    CHECK(request.error().what.find(c.text) != std::string::npos);
  }
}

TEST_CASE("each limit refuses what passes it, by its name, and nothing less") {
  const auto many = [](auto change) {
    auto message = to_proto(example());
    for (int i = 0; i < 20; ++i) change(message);
    return message;
  };
  const auto in_query = [](auto& message) -> auto& { return *message.mutable_queries(0); };
  const struct {
    const char* name;
    std::size_t RequestLimits::* limit;
    std::size_t inclusive;
    prometheus::ReadRequest message;
  } cases[] = {
      {"--limits.queries-per-request", &RequestLimits::max_queries, 22,
       many([](auto& m) { m.add_queries(); })},
      {"--limits.matchers-per-query", &RequestLimits::max_matchers, 23,
       many([&](auto& m) { in_query(m).add_matchers(); })},
      {"max_name_bytes", &RequestLimits::max_name_bytes, 28,
       many([&](auto& m) { *in_query(m).mutable_matchers(0)->mutable_name() += "n"; })},
      {"max_name_bytes", &RequestLimits::max_name_bytes, 24,
       many([&](auto& m) { *in_query(m).mutable_hints()->mutable_func() += "f"; })},
      {"--limits.matcher-bytes", &RequestLimits::max_value_bytes, 22,
       many([&](auto& m) { *in_query(m).mutable_matchers(0)->mutable_value() += "v"; })},
      {"max_grouping", &RequestLimits::max_grouping, 22,
       many([&](auto& m) { in_query(m).mutable_hints()->add_grouping("g"); })},
      {"max_accepted_types", &RequestLimits::max_accepted_types, 22, many([](auto& m) {
         m.add_accepted_response_types(prometheus::ReadRequest::STREAMED_XOR_CHUNKS);
       })},
      {"--limits.request-bytes", &RequestLimits::max_body_bytes, to_proto(example()).ByteSizeLong(),
       to_proto(example())},
  };
  for (const auto& c : cases) {
    CAPTURE(c.name);
    RequestLimits limits;
    limits.*c.limit = c.inclusive;
    CHECK(decode(c.message, limits).has_value());
    limits.*c.limit = c.inclusive - 1;
    const auto refused = decode(c.message, limits);
    REQUIRE(refused.has_error());
    CHECK(refused.error().kind == ErrorKind::limit);
    CHECK(refused.error().what.find(c.name) != std::string::npos);
  }
}

TEST_CASE("negotiation: the first known type, SAMPLES for an empty list, else an error") {
  CHECK(negotiate({}).value() == ResponseType::samples);
  CHECK(negotiate({1, 0}).value() == ResponseType::streamed_chunks);
  CHECK(negotiate({0, 1}).value() == ResponseType::samples);
  CHECK(negotiate({20, 1}).value() == ResponseType::streamed_chunks);
  const auto none = negotiate({20, 21});
  REQUIRE(none.has_error());
  CHECK(none.error().kind == ErrorKind::bad_request);
  CHECK(none.error().what ==
        "server does not support any of the requested response types: [20 21]; supported: "
        "[SAMPLES STREAMED_XOR_CHUNKS]");
}

}  // namespace
}  // namespace prombraid::wire
