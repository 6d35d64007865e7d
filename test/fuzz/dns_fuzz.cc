/// A DNS reply of any bytes, read as each type of answer. The first byte chooses the type, so that
/// one corpus serves all. The resolver's own reading is what runs here; c-ares only matches the id
/// and the question and looks at the response code before it.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "discovery/answer.h"
#include "discovery/endpoint.h"

using namespace prombraid::discovery;

namespace {

void check(const Answer& answer, RecordType type) {
  using Kind = Answer::Kind;
  if ((answer.kind == Kind::records) == answer.records.empty()) std::abort();
  if ((answer.kind == Kind::failed) == answer.reason.empty()) std::abort();
  if (answer.records.size() > max_records || answer.text.empty()) std::abort();
  for (const Record& record : answer.records) {
    if (type != RecordType::srv) {
      if (canonical_ip(record.target) != record.target || is_unspecified(record.target)) {
        std::abort();
      }
    } else if (record.port == 0 || record.target.size() > 254 || !record.target.ends_with('.') ||
               record.target.find_first_of(" \r\n/:@") != std::string::npos) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  constexpr RecordType types[] = {RecordType::a, RecordType::aaaa, RecordType::srv};
  const RecordType type = types[bytes[0] % 3];
  check(read_answer(std::span(bytes + 1, size - 1), type), type);
  return 0;
}
