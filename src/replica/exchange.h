/// One HTTP request to a replica and its answer, on a kept-alive connection where there is one.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "replica/connections.h"
#include "replica/failure.h"
#include "replica/http_body.h"
#include "replica/http_head.h"

namespace prombraid::replica {

/// Gives its connection back when the answer was read to its clean end and may be followed by
/// another; closes it otherwise.
class Exchange {
 public:
  /// Sends `request` (head and body) and reads the answer's head. A kept-alive connection that
  /// breaks before the answer's first byte is replaced by a new one, once.
  static asio::awaitable<ReadResult<std::unique_ptr<Exchange>>> start(Connections& connections,
                                                                      Endpoint endpoint,
                                                                      std::string request,
                                                                      Deadline deadline);

  const Endpoint& endpoint() const { return endpoint_; }
  const ResponseHead& head() const { return head_.head(); }

  /// The next piece of the body, at most 64 KiB, empty at its proper end. Valid until the next
  /// call. A body that is not framed (ResponseHead::framed) ends with the
  /// connection.
  asio::awaitable<ReadResult<std::string_view>> body();

  /// What the replica says in a body that explains a failure: at most 1 KiB, what came within
  /// a second. Never fails: it is what could be had.
  asio::awaitable<std::string> explanation();

  void set_deadline(Deadline deadline);
  /// In place of a deadline: the time that the replica may take, which runs only while it is waited
  /// for. Between reads nothing runs, so a reader that waits for others closes nothing.
  void allow(std::chrono::nanoseconds time) { left_ = time; }
  /// The longest silence within the body; zero: any.
  void set_stall(std::chrono::milliseconds stall) { stall_ = stall; }
  void cancel();

  std::uint64_t bytes() const { return bytes_; }
  std::chrono::nanoseconds time_to_first_byte() const { return first_byte_ - started_; }
  /// To the clean end of the body; 0 before it.
  std::chrono::nanoseconds time_to_end() const { return ended_ - started_; }
  bool reused_connection() const { return reused_; }

  /// Of the socket buffer: enough for the usual answer, and what it grows to where that is not.
  static constexpr std::size_t small_buffer = 16384;
  static constexpr std::size_t large_buffer = 65536;

 private:
  using Clock = std::chrono::steady_clock;

  Exchange(Connections& connections, Endpoint endpoint, Deadline deadline);

  asio::awaitable<ReadResult<void>> try_on(std::unique_ptr<Connection> connection,
                                           std::string_view request);
  asio::awaitable<ReadResult<void>> read_head();
  asio::awaitable<ReadResult<void>> fill();
  void make_room();
  ReadFailure broken(const error_code& problem);
  ReadFailure fail(FailureReason reason, std::string_view what);
  std::string progress() const;
  std::string hint() const;
  void finish();

  Connections& connections_;
  Endpoint endpoint_;
  Deadline deadline_;
  std::optional<std::chrono::nanoseconds> left_;
  std::chrono::milliseconds stall_{0};
  std::unique_ptr<Connection> connection_;  // null once the answer is over
  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_size_ = 0;
  std::string_view unread_;  // in buffer_
  HeadReader head_;
  BodyReader body_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point first_byte_ = started_;
  Clock::time_point ended_ = started_;
  std::uint64_t bytes_ = 0;
  bool reused_ = false;
  bool cancelled_ = false;
};

}  // namespace prombraid::replica
