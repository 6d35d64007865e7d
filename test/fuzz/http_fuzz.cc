// Any bytes as a client's, the first of them choosing the size of the pieces they arrive in:
// the requests read must not depend on the pieces, and a session must give its routes exactly
// those requests and come to an end.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include "server/request_reader.h"
#include "server/router.h"
#include "server/session.h"
#include "server/shard.h"
#include "server/stream.h"

namespace prombraid::server {
namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

std::string shown(const Request& request) {
  std::string all = request.method + " " + request.path + "?" + request.query + "\n";
  for (const Header& field : request.headers) all += field.name + ":" + field.value + "\n";
  return all + request.body;
}

/// Small ones, so that inputs of a few KiB pass each of them.
HttpLimits small_limits() {
  HttpLimits limits;
  limits.target_bytes = 256;
  limits.head_bytes = 1024;
  limits.headers = 10;
  limits.chunk_extension_bytes = 16;
  limits.trailer_bytes = 200;
  limits.body_bytes = 1500;
  return limits;
}

/// A client's bytes in memory; what is written to it is only counted.
class Pieces final : public Stream {
 public:
  Pieces(std::string_view bytes, std::size_t size) : left_(bytes), size_(size) {}

  asio::awaitable<Moved> read_some(std::span<char> into) override {
    const std::size_t count = std::min({left_.size(), size_, into.size()});
    if (closed_ || count == 0) co_return Moved(asio::error::eof, 0);
    std::copy_n(left_.begin(), count, into.begin());
    left_.remove_prefix(count);
    co_return Moved({}, count);
  }
  asio::awaitable<Moved> write_some(std::span<const asio::const_buffer> buffers) override {
    co_return Moved({}, std::min(buffers.front().size(), 7 * size_));
  }
  void cancel() override {}
  void shutdown_send() override {}
  void close() override { closed_ = true; }
  void reset() override { closed_ = true; }
  bool peer_closed() override { return false; }
  bool has_unread() override { return !left_.empty(); }

 private:
  std::string_view left_;
  std::size_t size_;
  bool closed_ = false;
};

struct Reading {
  std::vector<std::string> requests;
  unsigned refused = 0;
};

/// Reads requests as a connection does; `again` says whether another may follow this one.
template <class Again>
Reading read_pieces(std::string_view bytes, std::size_t size, Again again) {
  Reading reading;
  std::string kept;
  auto reader = std::make_unique<RequestReader>(small_limits());
  while (true) {
    const RequestReader::State before = reader->state();
    kept.erase(0, reader->feed(kept));
    if (reader->state() == RequestReader::State::refused) {
      reading.refused = reader->refused().status;
      return reading;
    }
    if (reader->state() == RequestReader::State::done) {
      reading.requests.push_back(shown(reader->request()));
      require(reader->request().body.size() <= small_limits().body_bytes, "body limit");
      if (!again(*reader)) return reading;
      reader = std::make_unique<RequestReader>(small_limits());
      continue;
    }
    if (reader->state() != before) continue;  // the body may be there already
    if (bytes.empty()) return reading;
    require(kept.size() <= 64 * 1024, "bytes kept back");
    const std::size_t count = std::min(size, bytes.size());
    kept += bytes.substr(0, count);
    bytes.remove_prefix(count);
  }
}

/// What a session gives to its route.
std::vector<std::string> serve_pieces(std::string_view bytes, std::size_t size) {
  static boost::asio::io_context io(1);
  static std::vector<std::string> served;
  static ServerCounters counters;
  static const Router router = [] {
    Router routes;
    for (const char* method : {"GET", "POST"}) {
      routes.add(method, "/", [](Request& request, Responder& out) -> asio::awaitable<void> {
        served.push_back(shown(request));
        const std::string_view parts[] = {request.body, "\n"};
        if (request.query.empty()) {
          (void)co_await out.send(text(200, "ok"));
        } else if (co_await out.begin(200, {}) && co_await out.write(parts)) {
          (void)co_await out.finish();
        }
      });
    }
    return routes;
  }();
  ServerOptions options;
  options.limits = small_limits();
  served.clear();
  {
    auto shard = std::make_shared<Shard>(io, router, options, counters, ServerHooks());
    auto stream = std::make_unique<Pieces>(bytes, size);
    Session::start(std::make_shared<Session>(shard, std::move(stream), "fuzz"));
  }
  io.restart();
  io.run();
  require(counters.connections == 0, "a connection is left");
  return served;
}

bool is_routed(Request& request) {
  const bool method =
      request.method == "GET" || request.method == "POST" || request.method == "HEAD";
  return method && request.path == "/";
}

}  // namespace
}  // namespace prombraid::server

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace prombraid::server;
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  const auto always = [](RequestReader&) { return true; };
  const Reading whole = read_pieces(bytes, 64 * 1024, always);
  const Reading split = read_pieces(bytes, piece, always);
  require(whole.requests == split.requests, "requests depend on the pieces");
  require((whole.refused != 0) == (split.refused != 0), "a refusal depends on the pieces");

  // A request that no route takes ends the connection where a body would follow it.
  std::vector<std::string> expected;
  const auto as_session = [&](RequestReader& reader) {
    Request& request = reader.request();
    const bool bodied = !request.body.empty() || request.header("transfer-encoding").has_value();
    if (is_routed(request)) expected.push_back(shown(request));
    return reader.keep_alive() && (is_routed(request) || !bodied);
  };
  (void)read_pieces(bytes, piece, as_session);
  require(serve_pieces(bytes, piece) == expected, "a session served other requests");
  return 0;
}
