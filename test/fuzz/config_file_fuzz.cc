/// Any bytes as a configuration file: no crash, bounded memory, and each fault told with the place
/// where it stands.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/config_file.h"
#include "config/yaml.h"

using namespace prombraid;
using namespace prombraid::config;

namespace {

constexpr const char* name = "fuzz.yml";

void require(bool promise) {
  if (!promise) std::abort();
}

void check_fault(const Error& error) {
  require(error.kind == ErrorKind::bad_request && error.what.starts_with(name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 1 << 13) return 0;
  const auto tree = parse_yaml({reinterpret_cast<const char*>(data), size}, name);
  if (tree.has_error()) return check_fault(tree.error()), 0;
  Config config;
  config.web_listen_addresses = {":9201"};
  const std::vector<Flag> flags = flag_table(config);
  const auto done = read_keys(*tree, file_keys(config, flags));
  if (done.has_error()) check_fault(done.error());
  return 0;
}
