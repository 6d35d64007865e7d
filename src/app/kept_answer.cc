#include "app/kept_answer.h"

namespace prombraid::app {

namespace {

Result<void> not_streamed() {
  return Error(ErrorKind::unsupported, "a streamed answer is not kept");
}

}  // namespace

KeptAnswer::Sent KeptAnswer::send(server::Response response) {
  response_ = std::move(response);
  co_return Result<void>();
}

KeptAnswer::Sent KeptAnswer::send(server::Response head, std::span<const std::string_view> parts) {
  response_ = std::move(head);
  for (const std::string_view part : parts) response_.body += part;
  co_return Result<void>();
}

KeptAnswer::Sent KeptAnswer::begin(unsigned, std::vector<server::Header>) {
  co_return not_streamed();
}

KeptAnswer::Sent KeptAnswer::write(std::span<const std::string_view>) {
  co_return not_streamed();
}

KeptAnswer::Sent KeptAnswer::finish() {
  co_return not_streamed();
}

}  // namespace prombraid::app
