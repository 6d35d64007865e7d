#include "replica/connection.h"

#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

#include "tls/channel.h"

namespace prombraid::replica {

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Reads at once, one behind the other, before whatever else is ready on the thread has its turn.
constexpr unsigned most_at_once = 8;

}  // namespace

struct Connection::State : std::enable_shared_from_this<Connection::State> {
  explicit State(const asio::any_io_executor& executor) : socket(executor), timer(executor) {}

  /// A deadline moves with every read, and nearly always to later. So a wait that ends early enough
  /// is left as it is, and looks anew when it is over: a kept-alive connection sets its timer about
  /// once a deadline's length, and not twice a read.
  void arm() {
    if (deadline >= wakes_at) return;
    wakes_at = deadline;
    timer.expires_at(deadline);
    timer.async_wait([weak = weak_from_this()](const error_code& problem) {
      const auto state = weak.lock();
      if (problem || !state) return;
      state->wakes_at = no_deadline;
      if (std::chrono::steady_clock::now() >= state->deadline) return state->expire();
      state->arm();
    });
  }

  /// What is there behind a read that filled its buffer: taking it saves a turn of the loop with
  /// its wait for events. False where the reader must wait.
  bool read_at_once(asio::mutable_buffer into, std::pair<error_code, std::size_t>& got) {
    if (filled && at_once < most_at_once) {
      ++at_once;
      got.second = socket.read_some(into, got.first);
      if (got.first != asio::error::would_block) return true;
    }
    at_once = 0;
    return false;
  }

  void expire() {
    expired = true;
    close();
  }

  void close() {
    error_code ignored;
    if (channel) channel->say_end();
    socket.close(ignored);
    timer.cancel();
  }

  asio::ip::tcp::socket socket;
  std::optional<tls::Channel> channel;  ///< nothing: plain
  asio::steady_timer timer;
  Deadline deadline = no_deadline;
  Deadline wakes_at = no_deadline;  ///< when the timer looks at the deadline
  bool expired = false;
  bool filled = false;   ///< see Connection::filled
  unsigned at_once = 0;  ///< reads since the last that waited
};

Connection::Connection(asio::any_io_executor executor)
    : state_(std::make_shared<State>(executor)) {}

Connection::~Connection() {
  close();
}

asio::awaitable<error_code> Connection::connect(asio::ip::tcp::endpoint peer) {
  auto [problem] = co_await state_->socket.async_connect(peer, as_result);
  if (!problem) state_->socket.set_option(asio::ip::tcp::no_delay(true), problem);
  if (!problem) state_->socket.non_blocking(true, problem);
  co_return problem;
}

asio::awaitable<error_code> Connection::secure(tls::Ssl ssl) {
  state_->channel.emplace(state_->socket, std::move(ssl));
  co_return co_await state_->channel->handshake();
}

bool Connection::secured() const {
  return state_->channel.has_value();
}

const std::string& Connection::trouble() const {
  static const std::string none;
  return state_->channel ? state_->channel->trouble() : none;
}

asio::awaitable<std::pair<error_code, std::size_t>> Connection::read_some(
    asio::mutable_buffer into) {
  std::pair<error_code, std::size_t> got;
  if (state_->channel) {
    got = co_await state_->channel->read_some(into);
  } else if (!state_->read_at_once(into, got)) {
    const auto [problem, size] = co_await state_->socket.async_read_some(into, as_result);
    got = {problem, size};
  }
  state_->filled = got.second == into.size();
  co_return got;
}

bool Connection::filled() const {
  return state_->filled;
}

asio::awaitable<error_code> Connection::write_all(asio::const_buffer from) {
  while (state_->channel && from.size() > 0) {
    const auto [problem, size] = co_await state_->channel->write_some(std::span(&from, 1));
    if (problem) co_return problem;
    from += size;
  }
  if (state_->channel) co_return error_code();
  // The kernel takes a request whole: then there is nothing to wait for, and no turn of the loop.
  error_code at_once;
  from += state_->socket.write_some(asio::buffer(from), at_once);
  if (at_once && at_once != asio::error::would_block) co_return at_once;
  if (from.size() == 0) co_return error_code();
  const auto [problem, size] = co_await asio::async_write(state_->socket, from, as_result);
  co_return problem;
}

void Connection::expires_at(Deadline deadline) {
  if (state_->deadline == deadline) return;
  state_->deadline = deadline;
  state_->arm();
}

bool Connection::expired() const {
  return state_->expired;
}

bool Connection::quiet() {
  if (!state_->socket.is_open()) return false;
  if (state_->channel && state_->channel->has_unread()) return false;
  char byte = 0;
  const auto got = ::recv(state_->socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Connection::close() {
  state_->close();
}

}  // namespace prombraid::replica
