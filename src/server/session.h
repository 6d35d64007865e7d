/// One connection's requests, one after another, each read whole, checked and given to its route.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "server/connection.h"
#include "server/guard.h"
#include "server/request_reader.h"
#include "server/router.h"
#include "server/shard.h"

namespace prombraid::server {

class Answer;
class BodyShare;

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;

  Session(std::shared_ptr<Shard> shard, std::unique_ptr<Stream> stream, std::string remote);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Enters the shard and runs on its io_context until the connection ends.
  static void start(const std::shared_ptr<Session>& session);

  /// Between requests, with none on its way: may end without a loss.
  bool dispensable() { return idle_ && !leaving_ && !connection_.has_unread(); }
  Clock::time_point idle_since() const { return idle_since_; }

  void tick(Clock::time_point now) { connection_.tick(now); }
  /// Ends soon where it is dispensable. What was received meanwhile and waits for its turn is
  /// answered all the same.
  void give_way();
  void abort() { connection_.force_gone(); }

 private:
  static boost::asio::awaitable<void> run(std::shared_ptr<Session> self);

  /// TLS, within the time of a head.
  boost::asio::awaitable<bool> greet();

  /// Each gives false when the connection has no further request.
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> read_head(RequestReader& reader);
  boost::asio::awaitable<bool> read_body(RequestReader& reader, BodyShare& share);
  boost::asio::awaitable<bool> answer(RequestReader& reader, const Router::Match& match);

  /// Puts the guard's refusal, where there is one, in the place of the route.
  boost::asio::awaitable<void> ask_guard(const Request& request, Router::Match& match);
  Guard::Headers extra_headers() const;
  boost::asio::awaitable<void> refuse(Refused refused);
  boost::asio::awaitable<void> run_route(const Route& route, Request& request, Answer& answer);
  boost::asio::awaitable<void> fail(const Request& request, Answer& answer, std::string why);
  boost::asio::awaitable<void> linger();
  /// What the hook is told of a request, as far as it is known before the route runs, which may
  /// move the body away. Its views are those of `request` and `match`.
  Finished begun(const Request& request, const Router::Match& match) const;
  void report(Finished finished, const Answer& answer, Clock::time_point since,
              std::uint64_t bytes_before) const;

  std::shared_ptr<Shard> shard_;
  Connection connection_;
  std::string remote_;
  bool idle_ = true;
  bool leaving_ = false;  ///< told to give way since it is idle
  Clock::time_point idle_since_ = Clock::now();
};

}  // namespace prombraid::server
