/// An answer that stays in the process.
#pragma once

#include "server/http.h"

namespace prombraid::app {

/// What a route is given where there is no client: it keeps the answer. Streamed answers are not
/// for it; they are refused with `unsupported`.
class KeptAnswer final : public server::Responder {
 public:
  using Sent = boost::asio::awaitable<Result<void>>;

  Sent send(server::Response response) override;
  Sent send(server::Response head, std::span<const std::string_view> parts) override;
  Sent begin(unsigned status, std::vector<server::Header> headers) override;
  Sent write(std::span<const std::string_view> parts) override;
  Sent finish() override;
  void abort() override {}
  bool client_gone() const override { return false; }
  boost::asio::cancellation_slot gone() override { return never_.slot(); }

  const server::Response& response() const { return response_; }

 private:
  server::Response response_{0, {}, {}};  ///< status 0: none was sent
  boost::asio::cancellation_signal never_;
};

}  // namespace prombraid::app
