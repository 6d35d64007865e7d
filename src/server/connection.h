/// A stream with what the HTTP edge needs around it: a bounded read buffer that keeps pipelined
/// bytes, one deadline, and word of the client's leaving.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "base/error.h"
#include "server/counters.h"
#include "server/options.h"
#include "server/stream.h"

namespace prombraid::server {

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(std::unique_ptr<Stream> stream, const ServerTimeouts& timeouts,
             ServerCounters& counters);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Stream::handshake, which ends with an error at the deadline as well.
  boost::asio::awaitable<Result<void>> handshake();

  /// What was read and not consumed; valid until the next `fill` or `consume`.
  std::string_view input() const;
  void consume(std::size_t bytes);
  /// Gives back a large buffer that holds nothing.
  void shrink();

  /// Reads once; false at the client's end, on an error, at the deadline and with 64 KiB unread.
  boost::asio::awaitable<bool> fill();

  /// Writes all of `buffers` (they are used up), in as many steps as the kernel wants, each within
  /// ServerTimeouts::write. On failure the connection is reset: a part of something is out.
  boost::asio::awaitable<Result<void>> write(std::vector<boost::asio::const_buffer>& buffers);

  /// Sets the deadline of the reads to come.
  void arm(std::chrono::milliseconds from_now);
  void disarm();
  bool expired() const { return expired_; }

  /// While watching, a client that closes its side is found by `tick`.
  void watch(bool on) { watching_ = on; }
  bool gone() const { return gone_; }
  boost::asio::cancellation_slot gone_slot() { return gone_signal_.slot(); }

  void tick(Clock::time_point now);
  void shutdown_send() { stream_->shutdown_send(); }
  void close();
  void abort();       ///< reset by our own will; counted once
  void force_gone();  ///< reset, and whoever waits on `gone_slot` is told
  bool open() const { return open_; }
  bool has_unread() { return stream_->has_unread(); }
  void stop_reading() { stream_->cancel(); }  ///< a `fill` that waits gives false

  std::uint64_t bytes_out() const { return bytes_out_; }

 private:
  void leave();
  Error failed(const boost::system::error_code& error);

  std::unique_ptr<Stream> stream_;
  const ServerTimeouts& timeouts_;
  ServerCounters& counters_;
  std::vector<char> input_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  Clock::time_point deadline_ = Clock::time_point::max();
  boost::asio::cancellation_signal gone_signal_;
  std::uint64_t bytes_out_ = 0;
  bool expired_ = false;
  bool watching_ = false;
  bool gone_ = false;
  bool open_ = true;
};

}  // namespace prombraid::server
