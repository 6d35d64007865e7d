/// Runs a coroutine against scripted replicas, with an end that comes whatever happens.
#pragma once

#include <chrono>
#include <exception>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "replica/connections.h"

namespace prombraid::test {

struct Fixture {
  boost::asio::io_context io{1};
  replica::ConnectOptions options{std::chrono::milliseconds(500), std::chrono::seconds(60), 4};
  replica::Connections connections{io.get_executor(), options};

  /// The value of `task`; five seconds are more than any test needs.
  template <class T>
  T run(boost::asio::awaitable<T> task) {
    std::optional<T> value;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown, T got) {
      if (thrown) std::rethrow_exception(thrown);
      value.emplace(std::move(got));
    });
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    io.restart();
    while (!value && std::chrono::steady_clock::now() < end) {
      io.run_one_for(std::chrono::milliseconds(100));
    }
    REQUIRE(value.has_value());
    return std::move(*value);
  }

  /// Lets whatever is ready happen.
  void settle(std::chrono::milliseconds time = std::chrono::milliseconds(20)) {
    io.restart();
    io.run_for(time);
  }

  static replica::Deadline in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
  }
};

}  // namespace prombraid::test
