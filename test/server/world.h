/// A server on loopback in a thread of its own, with routes for every behaviour under test, and a
/// client that sends exactly the bytes it is told to.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "server/server.h"

namespace prombraid::server::test {

using std::chrono::milliseconds;

/// What the routes saw.
struct Seen {
  std::atomic<int> follow_ups{0};       ///< requests to /follow-up
  std::atomic<int> left{0};             ///< clients found gone by /wait
  std::atomic<int> waiting{0};          ///< inside /wait
  std::atomic<long> left_after_ms{-1};  ///< from the start of /wait
  std::atomic<long> write_failures{0};
  std::mutex guard;
  std::vector<std::string> warnings;  // under guard
  std::vector<Finished> finished;     // under guard
};

Router make_routes(Seen& seen);

/// Options with time-outs so short that a suite of them takes seconds.
ServerOptions quick_options();

class World {
 public:
  explicit World(ServerOptions options = quick_options());
  ~World();

  unsigned short port() const { return port_; }
  unsigned short listen_too();                  ///< gives a second port
  std::size_t turns() const { return turns_; }  ///< that the loop has taken
  ServerCounters& counters() { return counters_; }
  Seen& seen() { return seen_; }

  void drain();
  bool drained_within(milliseconds limit);
  void abort_all();
  std::size_t connections();

 private:
  void in_thread(std::function<void()> call);

  Seen seen_;
  ServerCounters counters_;
  Router router_ = make_routes(seen_);
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<Server> server_;
  unsigned short port_ = 0;
  std::atomic<std::size_t> turns_{0};
  std::thread thread_;
};

/// A blocking socket; every wait is bounded.
class Client {
 public:
  explicit Client(unsigned short port, int receive_buffer = 0);
  ~Client();
  Client(Client&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(std::string_view bytes);  ///< false once the server has closed
  /// Reads until the text holds `mark` (how often: `times`), the end, or the limit.
  std::string read_until(std::string_view mark, int times = 1);
  std::string read_all();  ///< until the end, a reset or the limit
  bool was_reset() const { return reset_; }
  bool at_end() const { return ended_; }
  void half_close();
  void close();

 private:
  bool read_more(std::string& text);

  int fd_ = -1;
  bool reset_ = false;
  bool ended_ = false;
};

/// Connects, sends, reads to the end.
std::string ask(World& world, std::string_view bytes);

int count(std::string_view text, std::string_view part);
int status_of(std::string_view answer);  ///< of its first line, 0 without one

/// Looks every few milliseconds, for at most two seconds.
template <class Condition>
bool soon(Condition condition) {
  for (int i = 0; i < 400; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return condition();
}

}  // namespace prombraid::server::test
