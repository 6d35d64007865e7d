/// A replica that does to the byte what a test tells it: sends, trickles, stalls, resets, lies.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "discovery/endpoint.h"

namespace prombraid::test {

struct Step {
  enum class Kind { read_request, send, trickle, stall, shutdown, reset, close };

  Kind kind = Kind::close;
  std::string bytes;
  std::size_t piece = 1;
  std::chrono::milliseconds time{0};
};

/// Waits for one whole HTTP request (head and Content-Length body).
Step read_request();
Step send(std::string bytes);
/// Sends `bytes` `piece` by `piece`, with `every` between two.
Step trickle(std::string bytes, std::size_t piece, std::chrono::milliseconds every);
Step stall(std::chrono::milliseconds time);
/// Closes the sending half only.
Step shutdown_send();
/// Closes with RST; what was sent but not yet taken may be lost.
Step reset();
/// Closes in order.
Step close();

/// What one connection does. After the last step it stays open, silent, until the peer closes.
using Script = std::vector<Step>;

/// `read_request`, `send(answer)`: what a replica does that is well.
Script answering(std::string answer);

/// Listens on a port of its own of 127.0.0.0/8. The first connection follows the first script and
/// so on; all further ones the last. Belongs to the executor's thread; stops when destroyed.
class ScriptedReplica {
 public:
  ScriptedReplica(boost::asio::any_io_executor executor, std::vector<Script> scripts,
                  std::string ip = "127.0.0.1");
  ~ScriptedReplica();

  discovery::Endpoint endpoint() const;

  /// Whole requests, in the order they came.
  const std::vector<std::string>& requests() const;
  /// How many connections were accepted.
  std::size_t connections() const;
  /// How many of them the peer has closed, or reset, after their script's end.
  std::size_t left() const;
  /// Bytes that the kernel took for sending: shows whether a reader holds back.
  std::size_t sent() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace prombraid::test
