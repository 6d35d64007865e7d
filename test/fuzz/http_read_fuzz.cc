/// Any bytes as a replica's whole answer, over a socket, then the end of the connection: a read
/// ends, and ends well exactly where head, body, frames and series are whole.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "replica/connections.h"
#include "replica/http_body.h"
#include "replica/http_head.h"
#include "replica/read_stream.h"
#include "replica/scripted_replica.h"
#include "replica/strand_joiner.h"
#include "wire/frame_reader.h"
#include "wire/request.h"

using namespace prombraid;
using namespace prombraid::replica;
namespace asio = boost::asio;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

constexpr std::size_t queries = 2;
constexpr std::size_t max_frame = std::size_t{1} << 16;

/// Series as text, where an answer was whole.
using Outcome = std::optional<std::vector<std::string>>;

void add(const IndexedStrand& got, std::vector<std::string>& out) {
  std::string text = std::to_string(got.query_index) + to_string(got.strand.labels);
  for (const Chunk& chunk : got.strand.chunks) text.append("\n").append(chunk.data);
  out.push_back(std::move(text));
}

bool is_stream(const ResponseHead& head) {
  return head.status == 200 && head.framed() && head.content_encoding.empty() &&
         head.content_type.starts_with(wire::content_type(wire::ResponseType::streamed_chunks));
}

/// The same machines on bytes that are all there: no sockets, no waiting, no order of events.
Outcome expected(std::string_view bytes) {
  HeadReader head;
  const auto taken = head.feed(bytes);
  if (taken.has_error() || !head.done() || !is_stream(head.head())) return std::nullopt;
  bytes.remove_prefix(*taken);
  BodyReader body(head.head());
  wire::FrameReader frames(max_frame);
  StrandJoiner::Limits limits;
  limits.queries = queries;
  StrandJoiner joiner(limits);
  for (;;) {
    const auto piece = body.take(bytes);
    if (piece.has_error()) return std::nullopt;
    if (piece->empty()) break;
    frames.feed(*piece);
    for (;;) {
      auto frame = frames.next();
      if (frame.has_error()) return std::nullopt;
      if (!*frame) break;
      if (joiner.put(std::move(**frame)).has_error()) return std::nullopt;
    }
  }
  if (!body.done() || !frames.at_boundary()) return std::nullopt;
  joiner.end();
  std::vector<std::string> out;
  while (auto strand = joiner.take()) add(*strand, out);
  return out;
}

struct World {
  asio::io_context io{1};
  Connections connections{io.get_executor(), {}};

  asio::awaitable<void> read(Endpoint endpoint) {
    ReadOptions options;
    options.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    options.queries = queries;
    options.max_frame_bytes = max_frame;
    options.max_response_bytes = std::size_t{1} << 16;
    options.answer.max_answer_bytes = std::size_t{1} << 20;
    outcome = co_await series(std::move(endpoint), options);
    ended = true;
  }

  asio::awaitable<Outcome> series(Endpoint endpoint, ReadOptions options) {
    auto opened = co_await ReadStream::open(connections, std::move(endpoint), "question", options);
    if (opened.has_error()) {
      fail(opened.error());
      co_return std::nullopt;
    }
    samples = (*opened)->stats().samples;
    std::vector<std::string> out;
    for (;;) {
      auto next = co_await (*opened)->next();
      if (next.has_error()) {
        fail(next.error());
        co_return std::nullopt;
      }
      if (!*next) co_return out;
      add(**next, out);
    }
  }

  /// The connection ends at once, so nothing may wait for the deadline.
  void fail(const ReadFailure& failure) {
    require(failure.reason != FailureReason::timeout && !failure.error.what.empty());
    require(failure.text.size() <= 1024);
  }

  Outcome outcome;
  bool ended = false;
  bool samples = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static auto* world = new World;  // never destroyed: the loop outlives every input
  if (size > 1 << 15) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  {
    test::ScriptedReplica replica(world->io.get_executor(),
                                  {{test::read_request(), test::send(bytes), test::close()}});
    asio::co_spawn(world->io, world->read(replica.endpoint()), [](std::exception_ptr thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    world->ended = world->samples = false;
    world->io.restart();
    while (!world->ended) world->io.run_one();
    world->connections.close_idle();
  }
  world->io.run_for(std::chrono::milliseconds(0));
  require(world->samples || world->outcome == expected(bytes));
  return 0;
}
