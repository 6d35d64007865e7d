#include "chunk/decode.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "chunk/decode_times.h"
#include "chunk/float_encoder.h"
#include "chunk/golden.h"
#include "chunk/must_decode.h"

namespace prombraid::chunk {
namespace {

Error must_fail(Encoding encoding, std::string_view data) {
  DecodedChunk out;
  const auto result = decode({0, 0, encoding, data}, out);
  REQUIRE(result.has_error());
  return result.error();
}

TEST_CASE("an XOR chunk of three constant samples") {
  const std::string data = from_hex("0003b0da87e4be683ff0000000000000987500");
  const DecodedChunk samples = must_decode({0, 0, Encoding::xor_float, data});
  CHECK(samples.times == std::vector<Timestamp>{1795132815000, 1795132830000, 1795132845000});
  CHECK(samples.values == std::vector<DoubleBits>(3, bits_of(1)));
  CHECK_FALSE(samples.is_histogram());
}

TEST_CASE("every golden chunk decodes to what Prometheus reads") {
  REQUIRE(goldens().size() == 174);
  DecodedChunk samples;  // one for all: what a decode leaves behind must not show in the next
  for (const Golden& one : goldens()) {
    CAPTURE(one.name);
    const auto result = decode(one.chunk(), samples);
    REQUIRE_MESSAGE(result.has_value(), result.error().what);
    CHECK(*sample_count(one.chunk()) == one.samples.size());
    CHECK(samples.times == one.samples.times);
    CHECK(samples.values == one.samples.values);
    CHECK(samples.histograms == one.samples.histograms);
  }
}

TEST_CASE("times read alone are those of the whole decode, stale markers among them") {
  DecodedChunk whole;
  std::size_t compared = 0;
  for (const Golden& one : goldens()) {
    CAPTURE(one.name);
    const Chunk chunk = one.chunk();
    if (!times_can_be_read_alone(chunk.encoding)) continue;
    REQUIRE(decode(chunk, whole).has_value());
    std::vector<Timestamp> times(whole.size());
    std::vector<std::uint8_t> stale(whole.size(), 2);
    std::vector<std::uint32_t> ends(whole.size());
    const auto count = static_cast<unsigned>(whole.size());
    REQUIRE(decode_times(chunk, count, {times.data(), stale.data(), ends.data()}).has_value());
    CHECK(times == whole.times);
    for (std::size_t i = 0; i < count; ++i) CHECK(stale[i] == (whole.stale(i) ? 1 : 0));
    compared += count;
  }
  CHECK(compared > 1000);
}

/// Twelve samples, of which number `marker` is a stale marker.
EncodedChunk with_marker(std::size_t marker, DoubleBits base, DoubleBits growth) {
  FloatEncoder encoder;
  for (std::size_t i = 0; i < 12; ++i) {
    const auto t = static_cast<Timestamp>(1795132815000 + i * 15000 + (i % 5 == 4 ? 7 : 0));
    encoder.append(t, i == marker ? stale_marker : base + growth * i);
  }
  return encoder.finish();
}

TEST_CASE("times read alone show a stale marker wherever it stands and whatever is around it") {
  const DoubleBits bases[] = {0,
                              bits_of(1),
                              bits_of(-1.5),
                              bits_of(1e300),
                              0x7ff0000000000000,
                              0xfff0000000000000,
                              0x7ff8000000000001,
                              stale_marker ^ 1,
                              stale_marker ^ DoubleBits{1} << 63,
                              stale_marker ^ DoubleBits{1} << 62};
  const DoubleBits growths[] = {0, 1, 2, DoubleBits{1} << 30, DoubleBits{77} << 46};
  std::vector<Timestamp> times(12);
  std::vector<std::uint8_t> stale(12, 2);
  std::vector<std::uint32_t> ends(12);
  for (const DoubleBits base : bases) {
    for (const DoubleBits growth : growths) {
      for (std::size_t marker = 0; marker <= 12; ++marker) {
        CAPTURE(base);
        CAPTURE(growth);
        CAPTURE(marker);
        const EncodedChunk encoded = with_marker(marker, base, growth);
        const DecodedChunk whole = must_decode(encoded.chunk);
        const auto seen =
            decode_times(encoded.chunk, 12, {times.data(), stale.data(), ends.data()});
        REQUIRE(seen.has_value());
        CHECK(times == whole.times);
        for (std::size_t i = 0; i < 12; ++i) CHECK(stale[i] == (whole.stale(i) ? 1 : 0));
        CHECK(seen->stale == std::count(stale.begin(), stale.end(), 1) > 0);
        CHECK(seen->least_step == 14993);
        CHECK(seen->most_step == 15007);
      }
    }
  }
}

TEST_CASE("times of a chunk that is cut off fail as the whole decode does") {
  const std::string cut = golden("xor/counter/120").data.substr(0, 100);
  std::vector<Timestamp> times(120);
  std::vector<std::uint8_t> stale(120);
  std::vector<std::uint32_t> ends(120);
  const auto result = decode_times({0, 0, Encoding::xor_float, cut}, 120,
                                   {times.data(), stale.data(), ends.data()});
  REQUIRE(result.has_error());
  CHECK(result.error().what == "XOR chunk: sample 42 of 120 (counted from 0): the data ends");
}

TEST_CASE("encoding 0 is XOR, as senders before 2.40 wrote it") {
  const Golden& one = golden("xor/counter/120");
  CHECK(must_decode({0, 0, Encoding::unknown, one.data}).values == one.samples.values);
}

TEST_CASE("what cannot be decoded says why") {
  CHECK(must_fail(static_cast<Encoding>(9), "abc").kind == ErrorKind::unsupported);
  CHECK(must_fail(static_cast<Encoding>(9), "abc").what.find("encoding 9") != std::string::npos);
  CHECK(must_fail(Encoding::xor_float, "a").kind == ErrorKind::corrupt);
  CHECK(must_fail(Encoding::xor2, "ab").kind == ErrorKind::corrupt);
  const std::string cut = golden("xor/counter/120").data.substr(0, 100);
  const Error error = must_fail(Encoding::xor_float, cut);
  CHECK(error.kind == ErrorKind::corrupt);
  CHECK(error.what == "XOR chunk: sample 42 of 120 (counted from 0): the data ends");
}

TEST_CASE("a chunk of no samples is empty, whatever its encoding") {
  const std::string nothing(3, '\0');
  for (unsigned encoding = 0; encoding <= 6; ++encoding) {
    CHECK(must_decode({0, 0, static_cast<Encoding>(encoding), nothing}).size() == 0);
  }
}

TEST_CASE("a window of more than 64 bits is refused") {
  // Sample 1 of xor/counter: its value as `11`, 31 leading bits and 63 bits of change.
  const std::string data = from_hex("0002b0da87e4be683ff00000000000009875ffffffffffffffffffff");
  CHECK(must_fail(Encoding::xor_float, data).what.find("not valid") != std::string::npos);
}

TEST_CASE("a head that claims more than its data is refused before anything is reserved") {
  for (unsigned encoding = 0; encoding <= 6; ++encoding) {
    const std::string data = "\x3f\xff" + std::string(60, '\0');
    DecodedChunk out;
    CHECK(decode({0, 0, static_cast<Encoding>(encoding), data}, out).has_error());
    CHECK(out.times.capacity() == 0);
    CHECK(out.histograms.capacity() == 0);
  }
}

TEST_CASE("a golden chunk cut off anywhere fails") {
  DecodedChunk out;
  for (const Golden& one : goldens()) {
    for (std::size_t size = 0; size < one.data.size(); ++size) {
      // A copy of just this size, so that a sanitizer sees a read past it.
      const std::vector<char> cut(one.data.begin(),
                                  one.data.begin() + static_cast<std::ptrdiff_t>(size));
      const auto result = decode({0, 0, one.encoding, {cut.data(), cut.size()}}, out);
      CHECK_MESSAGE(result.has_error(), one.name, " cut to ", size);
    }
  }
}

TEST_CASE("no flipped bit brings the decoder down") {
  DecodedChunk out;
  std::size_t refused = 0;
  for (const Golden& one : goldens()) {
    if (one.samples.size() > 60) continue;  // the longer ones say nothing new, and take long
    std::vector<char> data(one.data.begin(), one.data.end());
    for (std::size_t bit = 0; bit < data.size() * 8; ++bit) {
      const char mask = static_cast<char>(0x80 >> (bit & 7));
      data[bit / 8] = static_cast<char>(data[bit / 8] ^ mask);
      refused += decode({0, 0, one.encoding, {data.data(), data.size()}}, out).has_error();
      data[bit / 8] = static_cast<char>(data[bit / 8] ^ mask);
    }
  }
  CHECK(refused > 0);
}

}  // namespace
}  // namespace prombraid::chunk
