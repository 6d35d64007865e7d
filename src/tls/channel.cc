#include "tls/channel.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/err.h>

#include "tls/context_common.h"
#include "tls/trouble.h"

namespace prombraid::tls {

namespace {

constexpr std::size_t record_bytes = 16384;  // RFC 8446 section 5.1

/// From here on a buffer is worth a record of its own rather than a copy.
constexpr std::size_t large_bytes = 8192;

/// What the next record is made of: a large buffer as it is, small ones together. The same bytes
/// again after a wait, as OpenSSL wants, since `from` does not change meanwhile.
std::span<const char> next_record(std::span<const asio::const_buffer> from,
                                  std::array<char, record_bytes>& room) {
  std::size_t filled = 0;
  for (const asio::const_buffer& buffer : from) {
    const auto* bytes = static_cast<const char*>(buffer.data());
    if (filled == 0 && buffer.size() >= large_bytes) return {bytes, buffer.size()};
    const std::size_t taken = std::min(buffer.size(), room.size() - filled);
    if (taken > 0) std::memcpy(room.data() + filled, bytes, taken);
    filled += taken;
    if (filled == room.size()) break;
  }
  return {room.data(), filled};
}

}  // namespace

Channel::Channel(asio::ip::tcp::socket& socket, Ssl ssl) : socket_(socket), ssl_(std::move(ssl)) {
  error_code ignored;
  socket_.native_non_blocking(true, ignored);
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  keep_refusal(ssl_.get(), &refusal_);
}

template <class Step>
asio::awaitable<error_code> Channel::drive(Step step) {
  using Wait = asio::ip::tcp::socket::wait_type;
  for (;;) {
    // A closed descriptor's number may already be another connection's.
    if (!socket_.is_open()) co_return asio::error::operation_aborted;
    ERR_clear_error();
    errno = 0;
    const int outcome = step(ssl_.get());
    if (outcome > 0) co_return error_code();
    const int wanted = SSL_get_error(ssl_.get(), outcome);
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) co_return failed(wanted);
    const Wait wait = wanted == SSL_ERROR_WANT_READ ? Wait::wait_read : Wait::wait_write;
    const auto [problem] = co_await socket_.async_wait(wait, asio::as_tuple(asio::use_awaitable));
    if (problem) co_return problem;
  }
}

error_code Channel::failed(int outcome) {
  const int system = errno;
  if (outcome == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
  broken_ = true;
  const unsigned long first = ERR_peek_error();
  if (ERR_GET_LIB(first) == ERR_LIB_SSL &&
      ERR_GET_REASON(first) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    ERR_clear_error();
    return asio::error::eof;
  }
  if (outcome == SSL_ERROR_SYSCALL && first == 0) {
    if (system == 0) return asio::error::eof;
    return error_code(system, boost::system::system_category());
  }
  met_plain_http_ =
      ERR_GET_LIB(first) == ERR_LIB_SSL && ERR_GET_REASON(first) == SSL_R_HTTP_REQUEST;
  const bool server = SSL_is_server(ssl_.get()) == 1;
  trouble_ = queued_trouble(server);
  if (!refusal_.empty()) trouble_ = refusal_;
  return boost::system::errc::make_error_code(boost::system::errc::protocol_error);
}

asio::awaitable<error_code> Channel::handshake() {
  co_return co_await drive([](SSL* ssl) { return SSL_do_handshake(ssl); });
}

asio::awaitable<Channel::Moved> Channel::read_some(asio::mutable_buffer into) {
  std::size_t got = 0;
  const error_code problem =
      co_await drive([&](SSL* ssl) { return SSL_read_ex(ssl, into.data(), into.size(), &got); });
  co_return Moved(problem, problem ? 0 : got);
}

asio::awaitable<Channel::Moved> Channel::write_some(std::span<const asio::const_buffer> from) {
  thread_local std::array<char, record_bytes> room;
  std::size_t sent = 0;
  const error_code problem = co_await drive([&](SSL* ssl) {
    const std::span<const char> record = next_record(from, room);
    if (record.empty()) return 1;
    return SSL_write_ex(ssl, record.data(), record.size(), &sent);
  });
  co_return Moved(problem, problem ? 0 : sent);
}

void Channel::say_end() {
  if (broken_ || !socket_.is_open() || SSL_in_init(ssl_.get())) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace prombraid::tls
