#include "read/gate.h"

#include <optional>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

namespace prombraid::read {
namespace {

namespace asio = boost::asio;

struct Visitor {
  bool inside = false;
  std::optional<Gate::Place> place;
};

asio::awaitable<void> visit(Gate& gate, Visitor& visitor) {
  visitor.place = co_await gate.enter();
  visitor.inside = true;
}

TEST_CASE("as many as the limit go in, the others wait in order") {
  asio::io_context io;
  Gate gate(2);
  std::vector<Visitor> visitors(4);
  for (Visitor& visitor : visitors) asio::co_spawn(io, visit(gate, visitor), asio::detached);
  io.poll();
  CHECK(visitors[1].inside);
  CHECK_FALSE(visitors[2].inside);
  CHECK(gate.waiting() == 2);
  visitors[0].place.reset();
  io.poll();
  CHECK(visitors[2].inside);
  CHECK_FALSE(visitors[3].inside);
  visitors[1].place.reset();
  visitors[2].place.reset();
  io.poll();
  CHECK(visitors[3].inside);
  visitors[3].place.reset();
  CHECK(gate.inside() == 0);
}

TEST_CASE("no limit is no gate") {
  asio::io_context io;
  Gate gate(0);
  std::vector<Visitor> visitors(50);
  for (Visitor& visitor : visitors) asio::co_spawn(io, visit(gate, visitor), asio::detached);
  io.poll();
  CHECK(visitors.back().inside);
}

TEST_CASE("one that is cancelled while it waits takes no place with it") {
  asio::io_context io;
  Gate gate(1);
  Visitor first;
  Visitor second;
  Visitor third;
  asio::cancellation_signal cancel;
  asio::co_spawn(io, visit(gate, first), asio::detached);
  asio::co_spawn(io, visit(gate, second),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  asio::co_spawn(io, visit(gate, third), asio::detached);
  io.poll();
  SUBCASE("before its turn") {
    cancel.emit(asio::cancellation_type::terminal);
    io.poll();
    first.place.reset();
  }
  SUBCASE("in the moment of its turn") {
    first.place.reset();
    cancel.emit(asio::cancellation_type::terminal);
  }
  io.poll();
  io.restart();
  io.poll();
  if (second.inside) second.place.reset();
  io.poll();
  CHECK(third.inside);
  third.place.reset();
  CHECK(gate.inside() == 0);
}

}  // namespace
}  // namespace prombraid::read
