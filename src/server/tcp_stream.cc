#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "server/socket_stream.h"

namespace prombraid::server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// What the kernel takes without a wait needs no turn of the loop, which costs a system call and
/// more. Large writes take theirs: a client that reads as fast as it is written to must not keep
/// the thread to itself.
constexpr std::size_t at_once_bytes = 128 * 1024;

class TcpStream final : public SocketStream {
 public:
  explicit TcpStream(asio::ip::tcp::socket socket) : SocketStream(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  asio::awaitable<Moved> read_some(std::span<char> into) override {
    const auto [error, bytes] = co_await socket_.async_read_some(
        asio::buffer(into.data(), into.size()), asio::as_tuple(asio::use_awaitable));
    co_return Moved(error, bytes);
  }

  asio::awaitable<Moved> write_some(std::span<const asio::const_buffer> buffers) override {
    if (asio::buffer_size(buffers) <= at_once_bytes) {
      error_code problem;
      const std::size_t written = socket_.write_some(buffers, problem);
      if (problem != asio::error::would_block) co_return Moved(problem, written);
    }
    const auto [error, bytes] =
        co_await socket_.async_write_some(buffers, asio::as_tuple(asio::use_awaitable));
    co_return Moved(error, bytes);
  }
};

}  // namespace

std::unique_ptr<Stream> tcp_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<TcpStream>(std::move(socket));
}

}  // namespace prombraid::server
