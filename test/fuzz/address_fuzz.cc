/// Whatever a `--replicas=` value, a `--dns.server=` value or a hosts file holds: no crash, and an
/// address that is taken is written back in a form that is read as the same address.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "discovery/address.h"
#include "discovery/endpoint.h"
#include "discovery/hosts_file.h"

using namespace prombraid::discovery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto address = parse_address(text);
  if (address.has_value()) {
    const auto again = parse_address(to_string(*address));
    if (!again.has_value() || *again != *address) std::abort();
    for (const char c : address->path + address->host) {
      if (c <= ' ' || c > '~') std::abort();  // both end up in a request's head
    }
  } else if (address.error().what.find_first_of("\r\n") != std::string::npos) {
    std::abort();
  }
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const Answer answer = read_hosts(text, "prom", type);
    if ((answer.kind == Answer::Kind::records) == answer.records.empty()) std::abort();
  }
  return 0;
}
