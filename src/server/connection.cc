#include "server/connection.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

namespace prombraid::server {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kSmallInput = 4 * 1024;  // all that an idle connection keeps
constexpr std::size_t kMostInput = 64 * 1024;
constexpr std::size_t kMostBuffers = 64;  // of one writev by Asio

}  // namespace

Connection::Connection(std::unique_ptr<Stream> stream, const ServerTimeouts& timeouts,
                       ServerCounters& counters)
    : stream_(std::move(stream)), timeouts_(timeouts), counters_(counters), input_(kSmallInput) {
  ++counters_.connections;
}

Connection::~Connection() {
  --counters_.connections;
}

asio::awaitable<Result<void>> Connection::handshake() {
  auto done = co_await stream_->handshake();
  if (expired_) co_return Error(ErrorKind::timeout, "it took too long");
  co_return done;
}

std::string_view Connection::input() const {
  return {input_.data() + begin_, end_ - begin_};
}

void Connection::consume(std::size_t bytes) {
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

void Connection::shrink() {
  if (begin_ == end_ && input_.size() > kSmallInput) input_ = std::vector<char>(kSmallInput);
}

asio::awaitable<bool> Connection::fill() {
  if (end_ == input_.size() && begin_ > 0) {
    std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
  }
  if (end_ == input_.size()) {
    if (input_.size() == kMostInput) co_return false;
    input_.resize(std::min(4 * input_.size(), kMostInput));
  }
  if (!open_ || expired_) co_return false;
  const std::span<char> room(input_.data() + end_, input_.size() - end_);
  const Moved moved = co_await stream_->read_some(room);
  end_ += moved.bytes;
  counters_.bytes_in += moved.bytes;
  co_return moved.bytes > 0;
}

asio::awaitable<Result<void>> Connection::write(std::vector<asio::const_buffer>& buffers) {
  std::size_t first = 0;
  while (true) {
    while (first < buffers.size() && buffers[first].size() == 0) ++first;
    if (first == buffers.size()) break;
    if (!open_) co_return Error(ErrorKind::unavailable, "the connection to the client is closed");

    arm(timeouts_.write);
    const std::size_t count = std::min(buffers.size() - first, kMostBuffers);
    Moved moved = co_await stream_->write_some(std::span(buffers).subspan(first, count));
    bytes_out_ += moved.bytes;
    counters_.bytes_out += moved.bytes;
    if (moved.error) co_return failed(moved.error);
    for (; moved.bytes > 0; ++first) {
      const std::size_t step = std::min(moved.bytes, buffers[first].size());
      buffers[first] += step;
      moved.bytes -= step;
      if (buffers[first].size() > 0) break;
    }
  }
  disarm();
  co_return Result<void>();
}

Error Connection::failed(const boost::system::error_code& error) {
  const bool stalled = expired_ && open_;
  if (stalled) ++counters_.write_timeouts;
  abort();
  if (stalled) return Error(ErrorKind::timeout, "the client stopped reading the answer");
  return Error(ErrorKind::unavailable, "writing to the client: " + error.message());
}

void Connection::arm(std::chrono::milliseconds from_now) {
  deadline_ = Clock::now() + from_now;
  expired_ = false;
}

void Connection::disarm() {
  deadline_ = Clock::time_point::max();
  expired_ = false;
}

void Connection::tick(Clock::time_point now) {
  if (!open_) return;
  if (now >= deadline_) {
    deadline_ = Clock::time_point::max();
    expired_ = true;
    stream_->cancel();
  }
  if (watching_ && !gone_ && stream_->peer_closed()) {
    ++counters_.clients_gone;
    leave();
  }
}

void Connection::leave() {
  if (std::exchange(gone_, true)) return;
  gone_signal_.emit(asio::cancellation_type::terminal);
}

void Connection::close() {
  if (std::exchange(open_, false)) stream_->close();
}

void Connection::abort() {
  if (!std::exchange(open_, false)) return;
  ++counters_.aborted;
  stream_->reset();
}

void Connection::force_gone() {
  abort();
  leave();
}

}  // namespace prombraid::server
