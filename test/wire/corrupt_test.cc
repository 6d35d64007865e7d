/// Real answers, damaged in every single place: no crash, no read past the end (under sanitizers),
/// and never silently the same answer.
#include <doctest/doctest.h>

#include "wire/frame_reader.h"
#include "wire/golden.h"
#include "wire/oracle.h"

namespace prombraid::wire {
namespace {

const Golden& one(bool chunks) {
  static const std::vector<Golden> all = load_golden();
  return all.at(chunks ? 4 : 5);  // of 3.14: it has all that older ones have
}

/// The messages of a stream that is whole; empty where it is not, or does not decode.
std::vector<std::vector<char>> read_frames(std::string_view stream) {
  std::vector<std::vector<char>> messages;
  FrameReader reader(1 << 20);
  reader.feed(stream);
  for (;;) {
    auto message = reader.next();
    if (message.has_error()) return {};
    if (!*message) break;
    (void)decode_chunked_frame({(*message)->data(), (*message)->size()}, {});
    messages.push_back(*std::move(*message));
  }
  return reader.at_boundary() ? messages : std::vector<std::vector<char>>();
}

/// The answer as Protobuf would write it; nothing where it does not decode.
std::string read_samples(std::string_view body) {
  auto reader = SamplesReader::open(body, {});
  if (reader.has_error()) return {};
  const auto answer = to_proto(*reader);
  return answer.has_error() ? std::string() : answer->SerializeAsString();
}

TEST_CASE("a stream cut anywhere is not whole, save between two frames") {
  const std::string& stream = one(true).response;
  const std::size_t whole = read_frames(stream).size();
  REQUIRE(whole == 30);
  std::size_t clean = 0;
  for (std::size_t length = 1; length < stream.size(); ++length) {
    const std::size_t frames = read_frames(std::string_view(stream).substr(0, length)).size();
    CHECK(frames < whole);
    clean += frames > 0 ? 1 : 0;
  }
  CHECK(clean == whole - 1);
}

TEST_CASE("a stream with any byte changed is refused") {
  std::string stream = one(true).response;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    for (const char flip : {'\x01', '\x80'}) {
      stream[i] = static_cast<char>(stream[i] ^ flip);
      CHECK(read_frames(stream).empty());
      stream[i] = static_cast<char>(stream[i] ^ flip);
    }
  }
}

TEST_CASE("the first message with any byte changed or cut off: an error or another series") {
  const auto messages = read_frames(one(true).response);
  std::string message(messages[0].begin(), messages[0].end());
  const auto decode = [](std::string_view bytes) {
    const auto frame = decode_chunked_frame(bytes, {});
    return frame.has_error() ? std::string() : to_proto(*frame).SerializeAsString();
  };
  const std::string good = decode(message);
  CHECK(good == message);
  for (std::size_t i = 0; i < message.size(); ++i) {
    CHECK(decode(std::string_view(message).substr(0, i)) != good);
    for (int bit = 0; bit < 8; ++bit) {
      message[i] = static_cast<char>(message[i] ^ (1 << bit));
      CHECK(decode(message) != good);
      message[i] = static_cast<char>(message[i] ^ (1 << bit));
    }
  }
}

TEST_CASE("a SAMPLES answer cut anywhere is refused, and changed anywhere is not the same") {
  std::string body = one(false).response;
  const std::string good = read_samples(body);
  CHECK((good == uncompressed(body)));
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (i % 8 == 0) CHECK(read_samples(std::string_view(body).substr(0, i)).empty());
    body[i] = static_cast<char>(body[i] ^ 0x20);
    if (i % 8 == 0) CHECK((read_samples(body) != good));
    body[i] = static_cast<char>(body[i] ^ 0x20);
  }
}

TEST_CASE("a request cut or changed anywhere is an error or another request") {
  std::string body = one(true).request;
  const auto good = decode_read_request(body, {});
  for (std::size_t i = 0; i < body.size(); ++i) {
    CHECK(decode_read_request(std::string_view(body).substr(0, i), {}).has_error());
    for (int bit = 0; bit < 8; ++bit) {
      body[i] = static_cast<char>(body[i] ^ (1 << bit));
      const auto bad = decode_read_request(body, {});
      CHECK((bad.has_error() || *bad != *good));
      body[i] = static_cast<char>(body[i] ^ (1 << bit));
    }
  }
}

}  // namespace
}  // namespace prombraid::wire
