#include "wire/request.h"

namespace prombraid::wire {

Result<ResponseType> negotiate(const std::vector<std::uint32_t>& accepted) {
  if (accepted.empty()) return ResponseType::samples;
  std::string asked;
  for (const std::uint32_t type : accepted) {
    if (type <= 1) return static_cast<ResponseType>(type);
    if (!asked.empty()) asked += ' ';
    asked += std::to_string(type);
  }
  return Error(ErrorKind::bad_request,
               "server does not support any of the requested response types: [" + asked +
                   "]; supported: [SAMPLES STREAMED_XOR_CHUNKS]");
}

std::string_view content_type(ResponseType type) {
  return type == ResponseType::samples
             ? "application/x-protobuf"
             : "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";
}

}  // namespace prombraid::wire
