#include "read/spool.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

namespace asio = boost::asio;

wire::Bytes ten_bytes() {
  wire::Bytes bytes;
  bytes.append("0123456789");
  return bytes;
}

struct Ends {
  Ends() : spool(io.get_executor()) {}

  void produce(int count) {
    asio::co_spawn(
        io,
        [](Ends& ends, int n) -> asio::awaitable<void> {
          for (int i = 0; i < n; ++i) {
            if (!co_await ends.spool.push(ten_bytes(), [&] { return ends.bound; })) break;
            ++ends.pushed;
          }
          ends.spool.end();
        }(*this, count),
        asio::detached);
  }

  void consume() {
    asio::co_spawn(
        io,
        [](Ends& ends) -> asio::awaitable<void> {
          while (auto bytes = co_await ends.spool.pop()) ends.popped += bytes->size();
          ends.finished = true;
        }(*this),
        asio::detached);
  }

  asio::io_context io;
  Spool spool;
  std::size_t bound = 20;
  int pushed = 0;
  std::size_t popped = 0;
  bool finished = false;
};

TEST_CASE("everything that is pushed is popped, then the end") {
  Ends ends;
  ends.produce(100);
  ends.consume();
  ends.io.run();
  CHECK(ends.popped == 1000);
  CHECK(ends.finished);
}

TEST_CASE("the producer waits at the bound, and goes on when it grows") {
  Ends ends;
  ends.produce(5);
  ends.io.run_for(std::chrono::milliseconds(5));
  CHECK(ends.pushed == 2);
  ends.bound = 1000;
  ends.io.run_for(std::chrono::seconds(5));
  CHECK(ends.pushed == 5);
}

TEST_CASE("a consumer that gives up ends the producer") {
  Ends ends;
  ends.produce(5);
  ends.io.run_for(std::chrono::milliseconds(5));
  ends.spool.give_up();
  ends.io.run();
  CHECK(ends.pushed == 2);
}

}  // namespace
}  // namespace prombraid::read
