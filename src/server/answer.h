/// A Responder on a connection: puts the head together, does the chunking, keeps count of what is
/// promised.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/connection.h"
#include "server/http.h"

namespace prombraid::server {

/// The head of an answer up to and with its empty line. Line breaks in values become blanks;
/// Connection, Content-Length and Transfer-Encoding of `headers` are left out: they are
/// `framing`'s. Of `extra` go those that `headers` does not set.
std::string format_head(unsigned status, std::span<const Header> headers, std::string_view framing,
                        bool keep_alive, std::span<const Header> extra = {});

class Answer final : public Responder {
 public:
  struct Terms {
    bool head_only = false;        ///< HEAD: the body stays here
    bool chunked_known = true;     ///< HTTP/1.1
    bool keep_alive = false;       ///< the client would send another request
    const bool* ending = nullptr;  ///< the server drains, may become true while the route runs
    std::shared_ptr<const std::vector<Header>> extra{};  ///< for every answer; may be null
  };

  Answer(Connection& connection, const Terms& terms) : connection_(connection), terms_(terms) {}

  asio::awaitable<Result<void>> send(Response response) override;
  asio::awaitable<Result<void>> send(Response head,
                                     std::span<const std::string_view> parts) override;
  asio::awaitable<Result<void>> begin(unsigned status, std::vector<Header> headers) override;
  asio::awaitable<Result<void>> write(std::span<const std::string_view> parts) override;
  asio::awaitable<Result<void>> finish() override;
  void abort() override;
  bool client_gone() const override { return connection_.gone(); }
  asio::cancellation_slot gone() override { return connection_.gone_slot(); }

  /// Nothing was handed to the connection yet, so another answer can be given instead.
  bool untouched() const { return step_ == Step::none || step_ == Step::begun; }
  bool complete() const { return step_ == Step::complete; }
  /// The answer promised that the connection stays open.
  bool kept_alive() const { return complete() && kept_alive_; }
  unsigned status() const override { return status_; }
  /// Forgets what was begun, for another answer. Only while untouched().
  void restart() { step_ = Step::none; }

 private:
  enum class Step { none, begun, streaming, sending, complete, broken };

  void open_head(unsigned status, std::span<const Header> headers, std::string_view framing);
  asio::awaitable<Result<void>> put(Step after);

  Connection& connection_;
  Terms terms_;
  Step step_ = Step::none;
  unsigned status_ = 0;
  bool kept_alive_ = false;
  std::string head_;        ///< of the answer, until it travels
  std::string chunk_line_;  ///< what stands in front of a chunk's bytes
  std::vector<asio::const_buffer> buffers_;
};

}  // namespace prombraid::server
