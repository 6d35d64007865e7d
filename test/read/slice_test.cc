#include "read/slice.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

namespace asio = boost::asio;

TEST_CASE("what is ready goes first once a slice has lasted a millisecond") {
  asio::io_context io;
  int served = 0;
  int seen = 0;
  const auto large_read = [&]() -> asio::awaitable<void> {
    Slice slice;
    for (int i = 0; i < 3; ++i) {
      asio::post(io, [&] { ++served; });
      while (!slice.over()) {
      }
      co_await slice.pause();
      if (served == i + 1) ++seen;
    }
  };
  asio::co_spawn(io, large_read(), asio::detached);
  io.run();
  CHECK(seen == 3);
}

}  // namespace
}  // namespace prombraid::read
