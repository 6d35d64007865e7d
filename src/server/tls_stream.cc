#include <utility>

#include <boost/asio/error.hpp>

#include "server/socket_stream.h"
#include "tls/channel.h"

namespace prombraid::server {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// What Go's net/http says, so that a person who left the `s` out of https:// reads why.
constexpr std::string_view wants_https =
    "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

class TlsStream final : public SocketStream {
 public:
  TlsStream(asio::ip::tcp::socket socket, tls::Ssl ssl)
      : SocketStream(std::move(socket)), channel_(socket_, std::move(ssl)) {}

  asio::awaitable<Result<void>> handshake() override {
    const error_code problem = co_await channel_.handshake();
    if (!problem) co_return Result<void>();
    if (channel_.met_plain_http()) say_in_clear();
    const bool ended = problem == asio::error::eof;
    std::string why = ended ? "the client closed the connection" : problem.message();
    if (!channel_.trouble().empty()) why = channel_.trouble();
    co_return Error(ErrorKind::unavailable, std::move(why));
  }

  asio::awaitable<Moved> read_some(std::span<char> into) override {
    const auto [error, bytes] = co_await channel_.read_some(asio::buffer(into.data(), into.size()));
    co_return Moved(error, bytes);
  }

  asio::awaitable<Moved> write_some(std::span<const asio::const_buffer> buffers) override {
    const auto [error, bytes] = co_await channel_.write_some(buffers);
    co_return Moved(error, bytes);
  }

  void shutdown_send() override {
    channel_.say_end();
    SocketStream::shutdown_send();
  }

  void close() override {
    channel_.say_end();
    SocketStream::close();
  }

 private:
  /// Reads what came as well: a socket closed with unread bytes takes the answer away. Never waits,
  /// as Asio would for a socket that is not told so: the client may send nothing more and stay.
  void say_in_clear() {
    error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.send(asio::buffer(wants_https), 0, ignored);
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    char unread[4096];
    error_code problem;
    for (int i = 0; i < 16 && !problem; ++i) socket_.receive(asio::buffer(unread), 0, problem);
  }

  tls::Channel channel_;
};

}  // namespace

std::unique_ptr<Stream> tls_stream(asio::ip::tcp::socket socket, tls::Ssl ssl) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(ssl));
}

}  // namespace prombraid::server
