/// Any bytes as a SAMPLES answer, and as the message inside one: no crash; what decodes is what the
/// generated classes decode; what SamplesWriter makes of it, snappy and they read as the same.
#include <cstdint>
#include <cstdlib>

#include "wire/oracle.h"

using namespace prombraid;
using namespace prombraid::wire;

namespace {

void expect(bool promise) {
  if (!promise) std::abort();
}

Result<prometheus::ReadResponse> read(const std::string& body) {
  AnswerLimits limits;
  limits.max_answer_bytes = 1 << 20;
  auto reader = SamplesReader::open(body, limits);
  if (reader.has_error()) return reader.error();
  return to_proto(*reader);
}

void check_rewritten(const std::string& body, const std::string& expected) {
  auto reader = SamplesReader::open(body, {});
  const auto written = rewrite(*reader);
  expect(written.has_value());
  expect(uncompressed(joined(*written)) == expected);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  (void)read(input);

  const std::string body = compressed(input);
  const auto ours = read(body);
  if (ours.has_error()) return 0;
  prometheus::ReadResponse theirs;
  expect(theirs.ParseFromString(input));
  normalise(theirs);
  expect(ours->SerializeAsString() == theirs.SerializeAsString());
  check_rewritten(body, theirs.SerializeAsString());
  return 0;
}
