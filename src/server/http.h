/// The seam between the HTTP edge and the routes: what a route is given and what it answers with.
/// No HTTP library shows through it, so a route can be tested with a Responder of the test's own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "base/error.h"
#include "trace/request_trace.h"

namespace prombraid::server {

namespace asio = boost::asio;

struct Header {
  Header(std::string n, std::string v) : name(std::move(n)), value(std::move(v)) {}
  bool operator==(const Header&) const = default;

  std::string name;
  std::string value;
};

/// A request that passed every framing check. Its body is whole; its text is as it was sent
/// (nothing percent-decoded).
struct Request {
  Request() = default;

  /// The value of the first field called `name`, in any case of letters.
  std::optional<std::string_view> header(std::string_view name) const;

  std::string method;            ///< "GET"; HEAD comes to a GET route as "HEAD"
  std::string path;              ///< "/api/v1/read": no authority, no query
  std::string query;             ///< what follows '?', without it
  unsigned version = 11;         ///< 10 or 11: what the client speaks
  std::vector<Header> headers;   ///< in the order they came, at most HttpLimits::headers
  std::string body;              ///< chunking removed; a route may move it away
  std::string remote;            ///< "10.0.0.7:51234" or "[fd00::7]:51234"
  trace::RequestTracePtr trace;  ///< null: nothing is traced
};

/// A whole answer. Content-Length, Date and Connection are added where it is sent.
struct Response {
  Response() = default;
  Response(unsigned code, std::vector<Header> fields, std::string content)
      : status(code), headers(std::move(fields)), body(std::move(content)) {}

  unsigned status = 200;
  std::vector<Header> headers;
  std::string body;
};

/// `line` and a newline as text/plain with `X-Content-Type-Options: nosniff`: the shape of Go's
/// http.Error, which is how a Prometheus server words its errors.
Response text(unsigned status, std::string_view line);

/// The reason phrase of RFC 9110 §15; "Unknown" for a status without one.
std::string_view reason_phrase(unsigned status);

/// Where a route puts its one answer: either `send` once, or `begin`, `write`*, then `finish` or
/// `abort`. Every awaitable gives an error (unavailable or timeout, never an exception) once the
/// client cannot be reached any more; the route then just returns. Lives as long as the route runs.
class Responder {
 public:
  virtual ~Responder() = default;

  /// Sends a whole answer.
  virtual asio::awaitable<Result<void>> send(Response response) = 0;

  /// Sends a whole answer whose body is `parts` after one another, with their sum as the
  /// Content-Length and nothing copied. `head.body` must be empty. The parts outlive the call.
  virtual asio::awaitable<Result<void>> send(Response head,
                                             std::span<const std::string_view> parts) = 0;

  /// Begins a chunked answer. Its head travels with the first `write` or with `finish`, so until
  /// then nothing is promised. An HTTP/1.0 client cannot be shown a broken stream, so it is
  /// answered 505 here, and the route gets `unsupported`.
  virtual asio::awaitable<Result<void>> begin(unsigned status, std::vector<Header> headers) = 0;

  /// Sends `parts` after one another as one HTTP chunk, uncopied, and returns once the kernel has
  /// taken all of it: a slow client stalls the route here. Each call is a system call at least, so
  /// gather small pieces. The parts outlive the call.
  virtual asio::awaitable<Result<void>> write(std::span<const std::string_view> parts) = 0;

  /// Ends a chunked answer.
  virtual asio::awaitable<Result<void>> finish() = 0;

  /// Of the answer, as far as it has begun; 0 before.
  virtual unsigned status() const { return 0; }

  /// Breaks the connection by a reset, so that the client sees an incomplete body and never a
  /// clean end. Harmless after the answer was finished.
  virtual void abort() = 0;

  /// True once the client has closed its side (noticed within ServerTimeouts::tick, also by a mere
  /// half-close, as in Go's net/http), or the server is being stopped by force.
  virtual bool client_gone() const = 0;

  /// Emits `terminal` once, on this connection's thread, when client_gone() becomes true. One
  /// handler at a time; look at client_gone() before binding to it. Bind it to the work to stop:
  /// `co_spawn(ex, work(), bind_cancellation_slot(responder.gone(), use_awaitable))`.
  virtual asio::cancellation_slot gone() = 0;
};

/// Answers one request. An exception that leaves it becomes a 500, or an abort where bytes of the
/// answer are out; so does a return without an answer.
using Route = std::function<asio::awaitable<void>(Request&, Responder&)>;

}  // namespace prombraid::server
