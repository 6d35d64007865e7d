#include "replica/connections.h"

#include <array>
#include <functional>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include "replica/answers.h"
#include "replica/fixture.h"
#include "replica/read_stream.h"
#include "replica/scripted_replica.h"

namespace prombraid::replica {
namespace {

using namespace test;
using std::chrono::milliseconds;

const Labels a = labels({{"__name__", "a"}});
const std::string good = streamed(frame_at(a, 1000));

ReadOptions soon() {
  ReadOptions options;
  options.deadline = Fixture::in(milliseconds(2000));
  return options;
}

/// Opens and reads to the end; the reason of a failure, else "new" or "reused".
std::string read(Fixture& f, const ScriptedReplica& replica) {
  auto stream = f.run(ReadStream::open(f.connections, replica.endpoint(), "q", soon()));
  if (!stream) return name_of(stream.error().reason);
  for (;;) {
    const auto next = f.run((*stream)->next());
    if (!next) return name_of(next.error().reason);
    if (!*next) return (*stream)->stats().reused_connection ? "reused" : "new";
  }
}

Script twice(const std::string& first, const std::string& second) {
  return {read_request(), send(first), read_request(), send(second)};
}

TEST_CASE("a connection is used again after a clean end") {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), {twice(good, good)});
  CHECK(read(f, replica) == "new");
  CHECK(f.connections.idle() == 1);
  CHECK(read(f, replica) == "reused");
  CHECK(replica.connections() == 1);
}

TEST_CASE("a connection is not used again") {
  Fixture f;
  const std::string type = "Content-Type: " + std::string(streamed_type);
  SUBCASE("after `Connection: close`") {
    const std::string answer = plain("200 OK", {type, "Connection: close"}, frame_at(a, 1000));
    ScriptedReplica replica(f.io.get_executor(), {answering(answer), answering(good)});
    CHECK(read(f, replica) == "new");
    CHECK(f.connections.idle() == 0);
    CHECK(read(f, replica) == "new");
  }
  SUBCASE("with bytes behind the answer") {
    ScriptedReplica replica(f.io.get_executor(),
                            {{read_request(), send(good + "HTTP/1.1 200 OK\r\n")}});
    CHECK(read(f, replica) == "new");
    CHECK(f.connections.idle() == 0);
  }
  SUBCASE("with bytes that come later") {
    ScriptedReplica replica(
        f.io.get_executor(),
        {{read_request(), send(good), stall(milliseconds(10)), send("x")}, answering(good)});
    CHECK(read(f, replica) == "new");
    f.settle(milliseconds(50));
    CHECK(read(f, replica) == "new");
    CHECK(replica.connections() == 2);
  }
  SUBCASE("when the other side has closed it") {
    ScriptedReplica replica(f.io.get_executor(),
                            {{read_request(), send(good), close()}, answering(good)});
    CHECK(read(f, replica) == "new");
    f.settle();
    CHECK(read(f, replica) == "new");
  }
  SUBCASE("when its stream is dropped midway") {
    ScriptedReplica replica(f.io.get_executor(), {answering(streamed_head())});
    auto options = soon();
    options.deadline = Fixture::in(milliseconds(30));
    CHECK_FALSE(
        f.run(ReadStream::open(f.connections, replica.endpoint(), "q", options)).has_value());
    f.settle();
    CHECK(replica.left() == 1);
    CHECK(f.connections.idle() == 0);
  }
}

TEST_CASE("a kept-alive connection that dies unseen is replaced once") {
  Fixture f;
  // The second request arrives, and dies with its connection.
  const Script dies = {read_request(), send(good), read_request(), reset()};
  SUBCASE("by one that answers") {
    ScriptedReplica replica(f.io.get_executor(), {dies, answering(good)});
    CHECK(read(f, replica) == "new");
    CHECK(read(f, replica) == "new");
    CHECK(replica.requests().size() == 3);
    CHECK(replica.connections() == 2);
  }
  SUBCASE("by one that dies too") {
    ScriptedReplica replica(f.io.get_executor(), {dies, {read_request(), reset()}});
    CHECK(read(f, replica) == "new");
    CHECK(read(f, replica) == "reset");
    CHECK(replica.connections() == 2);
  }
  SUBCASE("but not when the answer had begun") {
    ScriptedReplica replica(
        f.io.get_executor(),
        {{read_request(), send(good), read_request(), send("H"), close()}, answering(good)});
    CHECK(read(f, replica) == "new");
    CHECK(read(f, replica) == "reset");
    CHECK(replica.connections() == 1);
  }
  SUBCASE("and not when the deadline has passed") {
    ScriptedReplica replica(f.io.get_executor(), {{read_request(), send(good), read_request()}});
    CHECK(read(f, replica) == "new");
    auto options = soon();
    options.deadline = Fixture::in(milliseconds(30));
    const auto late = f.run(ReadStream::open(f.connections, replica.endpoint(), "q", options));
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().reason == FailureReason::timeout);
    CHECK(replica.connections() == 1);
  }
}

TEST_CASE("an error's answer that is short enough keeps its connection") {
  Fixture f;
  const std::string busy = plain("503 Service Unavailable", {}, "Service Unavailable\n");
  ScriptedReplica replica(f.io.get_executor(), {twice(busy, good), answering(good)});
  CHECK(read(f, replica) == "status_5xx");
  CHECK(read(f, replica) == "reused");

  const std::string long_text = plain("500 Oh", {}, std::string(5000, 'x'));
  ScriptedReplica talker(f.io.get_executor(), {answering(long_text), answering(good)});
  CHECK(read(f, talker) == "status_5xx");
  CHECK(read(f, talker) == "new");
}

TEST_CASE("idle connections end with their time, their number, or the pool's wish") {
  Fixture f;
  ConnectOptions options;
  options.idle_limit = milliseconds(40);
  options.idle_per_endpoint = 2;
  Connections pool(f.io.get_executor(), options);
  ScriptedReplica replica(f.io.get_executor(), {{}});
  const auto connect = [&] {
    auto made = f.run(pool.connect(replica.endpoint(), no_deadline));
    REQUIRE(made.has_value());
    return std::move(*made);
  };
  for (auto& connection : {connect(), connect(), connect()}) (void)connection;
  std::vector<std::unique_ptr<Connection>> made;
  for (int i = 0; i < 3; ++i) made.push_back(connect());
  for (auto& connection : made) pool.give_back(replica.endpoint(), std::move(connection));
  CHECK(pool.idle() == 2);
  f.settle(milliseconds(150));
  CHECK(pool.idle() == 0);
  CHECK(replica.left() == replica.connections());

  pool.give_back(replica.endpoint(), connect());
  CHECK(pool.idle() == 1);
  pool.close_idle();
  CHECK(pool.idle() == 0);
  CHECK_FALSE(pool.take_idle(replica.endpoint()));
}

/// How often another had its turn on the thread while `reads` buffers of what is there were read.
std::size_t turns_of_others(Fixture& f, std::size_t reads) {
  using tcp = asio::ip::tcp;
  tcp::acceptor acceptor(f.io, {asio::ip::address_v4::loopback(), 0});
  Connection connection(f.io.get_executor());
  REQUIRE_FALSE(f.run(connection.connect(acceptor.local_endpoint())));
  tcp::socket peer = acceptor.accept();
  std::array<char, 512> buffer{};
  asio::write(peer, asio::buffer(std::string((reads + 1) * buffer.size(), 'x')));

  std::size_t turns = 0;
  bool over = false;
  std::function<void()> other = [&] {
    ++turns;
    if (!over) asio::post(f.io, other);
  };
  asio::post(f.io, other);
  const auto read_all = [&]() -> asio::awaitable<bool> {
    for (std::size_t i = 0; i < reads; ++i) {
      const auto [problem, size] = co_await connection.read_some(asio::buffer(buffer));
      if (problem || size != buffer.size()) co_return false;
    }
    co_return true;
  };
  CHECK(f.run(read_all()));
  over = true;
  f.settle();
  return turns;
}

TEST_CASE("what is there is read without a turn for each buffer, but others have theirs") {
  Fixture f;
  const std::size_t turns = turns_of_others(f, 90);
  CHECK(turns >= 10);
  CHECK(turns < 45);
}

TEST_CASE("the pool is by address, not by name or path") {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), {{}});
  auto made = f.run(f.connections.connect(replica.endpoint(), no_deadline));
  REQUIRE(made.has_value());
  f.connections.give_back(replica.endpoint(), std::move(*made));
  auto other = replica.endpoint();
  other.port = 1;
  CHECK_FALSE(f.connections.take_idle(other));
  other = replica.endpoint();
  other.host = "another.name";
  CHECK(f.connections.take_idle(other));
}

TEST_CASE("a stream is cancelled by its user and by Asio") {
  Fixture f;
  ScriptedReplica replica(
      f.io.get_executor(),
      {{read_request(), send(streamed_head() +
                             transfer_chunk(frame_at(a, 1) + frame_at(labels({{"b", "c"}}), 1)))}});
  auto opened = f.run(ReadStream::open(f.connections, replica.endpoint(), "q", soon()));
  REQUIRE(opened.has_value());
  ReadStream& stream = **opened;
  REQUIRE(f.run(stream.next()).has_value());

  std::optional<FailureReason> reason;
  const auto record = [&](std::exception_ptr thrown,
                          ReadResult<std::optional<IndexedStrand>> next) {
    CHECK_FALSE(thrown);
    if (!next) reason = next.error().reason;
  };
  asio::cancellation_signal signal;
  SUBCASE("cancel()") {
    asio::co_spawn(f.io, stream.next(), record);
    f.settle();
    CHECK_FALSE(reason);
    stream.cancel();
  }
  SUBCASE("a cancellation signal") {
    asio::co_spawn(f.io, stream.next(), asio::bind_cancellation_slot(signal.slot(), record));
    f.settle();
    CHECK_FALSE(reason);
    signal.emit(asio::cancellation_type::terminal);
  }
  f.settle();
  CHECK(reason == FailureReason::cancelled);
  CHECK(replica.left() == 1);
}

TEST_CASE("opening is cancelled by Asio") {
  Fixture f;
  ScriptedReplica replica(f.io.get_executor(), {{read_request()}});
  asio::cancellation_signal signal;
  std::optional<FailureReason> reason;
  asio::co_spawn(
      f.io, ReadStream::open(f.connections, replica.endpoint(), "q", soon()),
      asio::bind_cancellation_slot(
          signal.slot(), [&](std::exception_ptr, ReadResult<std::unique_ptr<ReadStream>> opened) {
            if (!opened) reason = opened.error().reason;
          }));
  f.settle();
  signal.emit(asio::cancellation_type::terminal);
  f.settle();
  CHECK(reason == FailureReason::cancelled);
  CHECK(replica.left() == 1);
}

TEST_CASE("more time can be given, and a deadline may pass while nobody reads") {
  Fixture f;
  const std::string begin =
      streamed_head() + transfer_chunk(frame_at(a, 1) + frame_at(labels({{"b", "c"}}), 1));
  ScriptedReplica replica(f.io.get_executor(), {{read_request(), send(begin)}});
  auto options = soon();
  options.deadline = Fixture::in(milliseconds(40));
  auto opened = f.run(ReadStream::open(f.connections, replica.endpoint(), "q", options));
  REQUIRE(opened.has_value());
  SUBCASE("passed") {
    f.settle(milliseconds(80));
    CHECK(f.run((*opened)->next()).has_value());  // already here
    const auto next = f.run((*opened)->next());
    REQUIRE_FALSE(next.has_value());
    CHECK(next.error().reason == FailureReason::timeout);
  }
  SUBCASE("more time") {
    (*opened)->set_deadline(Fixture::in(milliseconds(200)));
    f.settle(milliseconds(80));
    CHECK(f.run((*opened)->next()).has_value());
    const auto began = std::chrono::steady_clock::now();
    const auto next = f.run((*opened)->next());
    REQUIRE_FALSE(next.has_value());
    CHECK(next.error().reason == FailureReason::timeout);
    CHECK(std::chrono::steady_clock::now() - began > milliseconds(50));
  }
}

TEST_CASE("a black hole ends with the connect timeout") {
  // A listener whose backlog is full drops further SYNs.
  Fixture f;
  asio::ip::tcp::acceptor full(f.io);
  full.open(asio::ip::tcp::v4());
  full.bind({asio::ip::make_address("127.0.0.1"), 0});
  full.listen(0);
  Endpoint endpoint;
  endpoint.ip = "127.0.0.1";
  endpoint.port = full.local_endpoint().port();
  endpoint.path = "/api/v1/read";
  std::vector<std::unique_ptr<Connection>> held;
  std::optional<ReadFailure> failed;
  for (int i = 0; i < 8 && !failed; ++i) {
    auto made = f.run(f.connections.connect(endpoint, no_deadline));
    if (made) {
      held.push_back(std::move(*made));
    } else {
      failed = made.error();
    }
  }
  REQUIRE(failed.has_value());
  CHECK(failed->reason == FailureReason::connect_timeout);
  CHECK(failed->error.what.find("no connection within 500 ms") != std::string::npos);

  const auto late = f.run(f.connections.connect(endpoint, Fixture::in(milliseconds(30))));
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().reason == FailureReason::timeout);
}

}  // namespace
}  // namespace prombraid::replica
