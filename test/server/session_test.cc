// What a connection lives through: requests one after another, streams, slow and leaving clients.
#include <string>

#include <doctest/doctest.h>

#include "server/world.h"

namespace prombraid::server::test {
namespace {

std::string get(const std::string& path, const std::string& fields = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

const std::string kClose = "Connection: close\r\n";
const std::string kThreeChunks =
    "e\r\none two three\n\r\ne\r\none two three\n\r\ne\r\none two three\n\r\n";

TEST_CASE("a request is answered and the connection kept") {
  World world;
  Client client(world.port());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(client.send(get("/echo?n=" + std::to_string(i))));
    const std::string answer = client.read_until("\n", 7);
    CAPTURE(answer);
    CHECK(status_of(answer) == 200);
    CHECK(count(answer, "GET /echo?n=" + std::to_string(i)) == 1);
    CHECK(count(answer, "Connection: close") == 0);
    CHECK(count(answer, "\r\nDate: ") == 1);
  }
  CHECK(world.counters().accepted == 1);
  CHECK(world.counters().connections == 1);
}

TEST_CASE("pipelined requests are answered in their order") {
  World world;
  Client client(world.port());
  const std::string post = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
  client.send(get("/slow") + post + get("/stream") + get("/echo?last", kClose));
  const std::string answers = client.read_all();
  CAPTURE(answers);
  CHECK(count(answers, "HTTP/1.1 200 OK") == 4);
  const std::size_t second = answers.find("POST /echo? 3 abc");
  CHECK(answers.find("slow but whole") < second);
  CHECK(second < answers.find(kThreeChunks));
  CHECK(answers.find(kThreeChunks) < answers.find("GET /echo?last"));
  CHECK(client.at_end());
}

TEST_CASE("HEAD has the head of GET and no body") {
  World world;
  const std::string whole = ask(world, "HEAD /echo HTTP/1.1\r\nHost: h\r\n" + kClose + "\r\n");
  CHECK(count(whole, "Content-Length: 15\r\n") == 1);
  CHECK(whole.ends_with("\r\n\r\n"));
  const std::string chunked = ask(world, "HEAD /stream HTTP/1.1\r\nHost: h\r\n" + kClose + "\r\n");
  CHECK(count(chunked, "Transfer-Encoding: chunked\r\n") == 1);
  CHECK(chunked.ends_with("\r\n\r\n"));
}

TEST_CASE("unknown paths and methods are answered without reading their body") {
  World world;
  const std::string post = "POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n";
  CHECK(count(ask(world, post), "HTTP/1.1 404 Not Found\r\n") == 1);
  const std::string refused =
      ask(world, "POST /big HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
  CHECK(count(refused, "HTTP/1.1 405 Method Not Allowed\r\n") == 1);
  CHECK(count(refused, "Allow: GET, HEAD\r\n") == 1);
  Client client(world.port());
  client.send(get("/nowhere") + get("/echo", kClose));  // without a body it is kept open
  CHECK(count(client.read_all(), "HTTP/1.1 ") == 2);
}

TEST_CASE("Expect: 100-continue is answered once the head is good") {
  World world;
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n";
  Client client(world.port());
  client.send(head + "Content-Length: 3\r\n\r\n");
  CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("abc");
  CHECK(count(client.read_until("abc"), "HTTP/1.1 200 OK") == 1);
  Client big(world.port());
  big.send(head + "Content-Length: 99999999\r\n\r\n");
  CHECK(status_of(big.read_all()) == 413);
}

TEST_CASE("an HTTP/1.0 client gets whole answers, never a stream") {
  World world;
  const std::string whole = ask(world, "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(status_of(whole) == 200);
  CHECK(count(whole, "Connection: close\r\n") == 1);
  CHECK(status_of(ask(world, "GET /stream HTTP/1.0\r\n\r\n")) == 505);
}

TEST_CASE("a large answer of many parts arrives whole") {
  World world;
  const std::string answer = ask(world, get("/big", kClose));
  const std::size_t body = answer.find("\r\n\r\n") + 4;
  CHECK(count(answer.substr(0, body), "Content-Length: 20971600\r\n") == 1);
  REQUIRE(answer.size() - body == 20971600);
  for (std::size_t i = 0; i < 200; ++i) CHECK(answer[body + i * 104858] == char('a' + i % 26));
}

TEST_CASE("a broken stream never ends cleanly") {
  for (const std::string how : {"abort", "throw", "return"}) {
    CAPTURE(how);
    World world;
    Client client(world.port());
    client.send(get("/stream?" + how));
    const std::string answer = client.read_all();
    CHECK(count(answer, "0\r\n\r\n") == 0);
    CHECK(client.was_reset());
    CHECK_FALSE(client.at_end());
    CHECK(world.counters().aborted == 1);
    CHECK(world.counters().route_failures == (how == "abort" ? 0u : 1u));
  }
  World world;
  CHECK(ask(world, get("/stream", kClose)).ends_with(kThreeChunks + "0\r\n\r\n"));
}

TEST_CASE("a route that throws or is silent becomes a 500") {
  World world;
  for (const std::string path : {"/throw", "/silent"}) {
    CAPTURE(path);
    const std::string answer = ask(world, get(path, kClose));
    CHECK(status_of(answer) == 500);
    CHECK(count(answer, "a bug") == 0);  // what it said is for the log
  }
  const std::lock_guard lock(world.seen().guard);
  REQUIRE(world.seen().warnings.size() == 2);
  CHECK(count(world.seen().warnings[0], "GET /throw from 127.0.0.1:") == 1);
  CHECK(count(world.seen().warnings[0], "failed: a bug") == 1);
}

TEST_CASE("a route's header cannot split the answer or change its framing") {
  World world;
  const std::string answer = ask(world, get("/split", kClose));
  CHECK(count(answer, "\r\nX-Injected") == 0);
  CHECK(count(answer, "X-Said: a  X-Injected: b\r\n") == 1);
  CHECK(count(answer, "Content-Length") == 1);
  CHECK(count(answer, "Content-Length: 2\r\n") == 1);
}

TEST_CASE("a client that leaves while its route waits is noticed") {
  for (const std::string how : {"close", "half-close", "close behind pipelined bytes"}) {
    CAPTURE(how);
    World world;
    Client client(world.port());
    client.send(get("/wait"));
    if (how == "close behind pipelined bytes") client.send(get("/follow-up"));
    REQUIRE(soon([&] { return world.seen().waiting == 1; }));
    if (how == "half-close") {
      client.half_close();
    } else {
      client.close();
    }
    CHECK(soon([&] { return world.seen().left == 1; }));
    CHECK(world.seen().left_after_ms < 1000);
    CHECK(world.counters().clients_gone == 1);
    CHECK(world.seen().follow_ups == 0);
    CHECK(soon([&] { return world.connections() == 0; }));
  }
}

TEST_CASE("a slow head and a slow body end with 408") {
  struct Slow {
    std::string first;
    std::uint64_t timeouts;
  };
  World world;
  const Slow cases[] = {{"GET /echo HTTP/1.1\r\nHost: ", 1},
                        {"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n", 2}};
  for (const Slow& c : cases) {
    CAPTURE(c.first);
    Client client(world.port());
    client.send(c.first);
    for (int i = 0; i < 12; ++i) {  // trickling does not win time
      std::this_thread::sleep_for(milliseconds(50));
      if (!client.send("a")) break;
    }
    CHECK(status_of(client.read_all()) == 408);
    CHECK(world.counters().refusals(Refusal::timeout) == c.timeouts);
  }
}

TEST_CASE("an idle connection is closed without a word") {
  ServerOptions options = quick_options();
  options.timeouts.idle = milliseconds(100);
  World world(options);
  Client client(world.port());
  CHECK(client.read_all().empty());
  CHECK(client.at_end());
  CHECK(world.counters().idle_closed == 1);
}

TEST_CASE("a client that stops reading is cut off, others are served") {
  World world;
  Client client(world.port(), 4096);
  client.send(get("/endless"));
  CHECK(status_of(ask(world, get("/echo", kClose))) == 200);
  CHECK(soon([&] { return world.seen().write_failures == 1; }));
  CHECK(world.counters().write_timeouts == 1);
  CHECK(world.counters().aborted == 1);
  client.read_all();
  CHECK(client.was_reset());
}

TEST_CASE("bodies beyond the thread's budget are refused for now") {
  ServerOptions options = quick_options();
  options.bodies_bytes = 100'000;
  World world(options);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n";
  const std::string answer = ask(world, head + std::string(200'000, 'x'));
  CHECK(status_of(answer) == 503);
  CHECK(count(answer, "Retry-After: 1\r\n") == 1);
  CHECK(status_of(ask(world, get("/echo", kClose))) == 200);
}

TEST_CASE("a body counts for as long as it is answered") {
  ServerOptions options = quick_options();
  options.bodies_bytes = 300'000;
  World world(options);
  const std::string body(170'000, 'x');
  Client first(world.port());
  first.send("GET /wait HTTP/1.1\r\nHost: h\r\nContent-Length: 170000\r\n\r\n" + body);
  REQUIRE(soon([&] { return world.seen().waiting == 1; }));
  const std::string second =
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 170000\r\n" + kClose + "\r\n" + body;
  CHECK(status_of(ask(world, second)) == 503);
  first.close();
  REQUIRE(soon([&] { return world.seen().waiting == 0; }));
  CHECK(status_of(ask(world, second)) == 200);
}

TEST_CASE("each answer is told to the hook in words of ours") {
  World world;
  ask(world, get("/echo", kClose));
  ask(world, "BREW /pot HTTP/1.1\r\nHost: h\r\n" + kClose + "\r\n");
  ask(world, get("/stream?abort"));
  ask(world, "POST /take HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n" + kClose + "\r\nwhole");
  const auto& finished = world.seen().finished;
  REQUIRE(soon([&] {  // the client can see the reset before the hook is called
    const std::lock_guard lock(world.seen().guard);
    return finished.size() == 4;
  }));
  CHECK(finished[0].path == "/echo");
  CHECK(finished[0].status == 200);
  CHECK(finished[0].complete);
  CHECK(finished[0].bytes_out > 100);
  CHECK(finished[1].method == "other");
  CHECK(finished[1].path.empty());
  CHECK(finished[1].status == 404);
  CHECK(finished[2].status == 200);
  CHECK_FALSE(finished[2].complete);
  CHECK(finished[3].body_in == 5);
}

}  // namespace
}  // namespace prombraid::server::test
