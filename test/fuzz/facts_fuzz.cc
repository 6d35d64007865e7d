/// Any bytes as what a replica says of itself: no crash, no error that quotes it, and nothing that
/// is kept is longer than what came. The first byte says which of its answers they are.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "replica/config_facts.h"
#include "replica/facts.h"

using namespace prombraid;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

Result<void> parse(std::uint8_t kind, std::string_view text, replica::ReplicaFacts& facts) {
  switch (kind % 4) {
    case 0:
      return replica::parse_config_yaml(text, facts);
    case 1:
      return replica::parse_config(text, facts);
    case 2:
      return replica::parse_buildinfo(text, facts);
    default:
      return replica::parse_runtimeinfo(text, facts);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 16384) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  replica::ReplicaFacts facts;
  const auto parsed = parse(data[0], text, facts);
  if (parsed.has_error()) {
    require(parsed.error().kind == ErrorKind::unsupported);
    require(parsed.error().what.size() < 100);
    return 0;
  }
  std::size_t kept = facts.retention.size() + facts.start_time.size();
  for (const Label label : facts.external_labels) {
    require(!label.name.empty() && !label.value.empty());
    kept += label.name.size() + label.value.size();
  }
  require(kept <= text.size());
  return 0;
}
