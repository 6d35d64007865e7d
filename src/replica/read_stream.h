/// One remote_read to one replica, as a stream of strands that is read only as fast as it is asked
/// for.
///
/// Request and answer: Prometheus storage/remote/client.go (what its own client sends and accepts)
/// and read_handler.go (what a server answers). Both forms of an answer become strands: streamed
/// frames as they come, a SAMPLES answer re-encoded into chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "replica/connections.h"
#include "replica/failure.h"
#include "replica/strand_source.h"
#include "wire/read_limits.h"

namespace prombraid::replica {

struct ReadOptions {
  ReadOptions() = default;

  Deadline deadline = no_deadline;     ///< for the whole read; see ReadStream::set_deadline
  std::chrono::milliseconds stall{0};  ///< longest silence inside the answer's body; 0: any
  std::string headers;                 ///< lines to send beside our own, each with its CRLF
  std::size_t queries = 1;             ///< in the request: what a query index must stay below
  std::size_t max_frame_bytes = std::size_t{64} << 20;
  std::size_t max_series_bytes = std::size_t{512} << 20;    ///< all frames of one series
  std::size_t max_response_bytes = std::size_t{256} << 20;  ///< SAMPLES: the body, compressed
  wire::AnswerLimits answer;                                ///< SAMPLES decoded; a series' labels
};

struct ReadStats {
  std::uint64_t bytes = 0;                         ///< received, head and framing included
  std::chrono::nanoseconds time_to_first_byte{0};  ///< from the start of `open`
  std::chrono::nanoseconds time_to_end{0};         ///< likewise; 0 before the clean end
  unsigned status = 0;
  bool reused_connection = false;
  bool samples = false;  ///< the answer came as SAMPLES
};

/// Belongs to the thread of its Connections. Holds at most one strand, one frame and one socket
/// buffer (64 KiB), and for reuse as much as a small strand takes; what is not asked for stays in
/// the kernel. Destroying it, with no operation pending, closes the connection unless the answer
/// was read to its clean end.
class ReadStream {
 public:
  /// Returns when the replica is settled: its status and content type are good, and the first
  /// strand or the clean end has arrived. `body` is the snappy-compressed ReadRequest.
  ///
  /// A kept-alive connection that dies before the first byte of the answer is replaced by a new
  /// one, once: a read changes nothing, so sending it twice is safe.
  static asio::awaitable<ReadResult<std::unique_ptr<ReadStream>>> open(Connections& connections,
                                                                       Endpoint endpoint,
                                                                       std::string body,
                                                                       ReadOptions options);
  ~ReadStream();
  ReadStream(const ReadStream&) = delete;
  ReadStream& operator=(const ReadStream&) = delete;

  /// The next series, where it came with what was read before: then `next` need not be waited for,
  /// and none of its coroutines is begun. Nothing says nothing: ask `next`.
  std::optional<IndexedStrand> ready();

  /// The next series with at least its labels; consecutive frames of one series are one strand.
  /// In a streamed answer the order is the replica's own; a SAMPLES answer is sorted here, as its
  /// senders need not. nullopt: the clean end, of HTTP's body and on a frame's boundary. After
  /// nullopt or a failure, the same again.
  asio::awaitable<ReadResult<std::optional<IndexedStrand>>> next();

  /// The memory of a strand that is not needed any more, for one to come.
  void reuse(Strand&& strand);

  /// Gives a reader that waits for its own client more time, or less.
  void set_deadline(Deadline deadline);

  /// In place of the deadline: the time that all `next` from now on may wait for the replica,
  /// together. What the reader does between them does not count.
  void allow(std::chrono::nanoseconds time);

  /// Closes the connection: a pending `next` fails with `cancelled`. (Asio's own per-operation
  /// cancellation works as well, and reaches `open`.)
  void cancel();

  const Endpoint& endpoint() const;
  ReadStats stats() const;

 private:
  struct Parts;
  explicit ReadStream(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace prombraid::replica
