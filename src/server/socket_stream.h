/// What both kinds of stream do to their socket. Inner to this room.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "server/stream.h"

namespace prombraid::server {

class SocketStream : public Stream {
 public:
  /// Without Nagle's delay: answers are written whole.
  explicit SocketStream(boost::asio::ip::tcp::socket socket);

  void cancel() override;
  void shutdown_send() override;
  void close() override;
  void reset() override;
  bool peer_closed() override;
  bool has_unread() override;

 protected:
  boost::asio::ip::tcp::socket socket_;

 private:
  bool now_has(short event);  ///< of poll(2)
};

}  // namespace prombraid::server
