#include "server/socket_stream.h"

#include <utility>

#include <poll.h>

namespace prombraid::server {

namespace asio = boost::asio;
using boost::system::error_code;

SocketStream::SocketStream(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void SocketStream::cancel() {
  error_code ignored;
  socket_.cancel(ignored);
}

void SocketStream::shutdown_send() {
  error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void SocketStream::close() {
  error_code ignored;
  socket_.close(ignored);
}

void SocketStream::reset() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

bool SocketStream::peer_closed() {
  return !socket_.is_open() || now_has(POLLRDHUP);
}

bool SocketStream::has_unread() {
  return socket_.is_open() && now_has(POLLIN);
}

bool SocketStream::now_has(short event) {
  pollfd polled{socket_.native_handle(), event, 0};
  return ::poll(&polled, 1, 0) == 1;
}

}  // namespace prombraid::server
