/// Any bytes as a request's body, and as the message inside one: no crash; what decodes is what the
/// generated classes decode; what they write decodes here and encodes to an equal request.
#include <cstdint>
#include <cstdlib>

#include "wire/oracle.h"

using namespace prombraid;
using namespace prombraid::wire;

namespace {

void expect(bool promise) {
  if (!promise) std::abort();
}

bool has_unknown_matcher(const prometheus::ReadRequest& request) {
  for (const auto& query : request.queries()) {
    for (const auto& matcher : query.matchers()) {
      if (!prometheus::LabelMatcher::Type_IsValid(matcher.type())) return true;
    }
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(bytes), size);
  RequestLimits limits;
  limits.max_body_bytes = 1 << 20;
  (void)decode_read_request(input, limits);

  prometheus::ReadRequest theirs;
  const bool parsed = theirs.ParseFromString(input);
  const auto ours = decode_read_request(compressed(input), limits);
  if (ours.has_value()) {
    expect(parsed);
    normalise(theirs);
    expect(to_proto(*ours).SerializeAsString() == theirs.SerializeAsString());
    expect(decode_read_request(encode_read_request(*ours), limits).value() == *ours);
  } else if (parsed) {
    normalise(theirs);
    const auto canonical = decode_read_request(compressed(theirs.SerializeAsString()), limits);
    expect(canonical.has_value() || canonical.error().kind == ErrorKind::limit ||
           has_unknown_matcher(theirs));
  }
  return 0;
}
