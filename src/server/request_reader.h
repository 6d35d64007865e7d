/// Reads one HTTP/1.x request out of bytes, and refuses what is not exactly one request for every
/// reader of those bytes. No sockets, no time. Beast's parser does the grammar; what it lets
/// through (Boost 1.81: any transfer coding, HTTP/1.0 with chunking, absent or doubled Host, folds,
/// repeated lengths, endless chunk extensions and trailers) is refused here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "server/counters.h"
#include "server/http.h"
#include "server/options.h"

namespace prombraid::server {

/// Why a request was refused and what to answer. The connection cannot be used after it: nobody
/// knows where the next request begins.
struct Refused {
  unsigned status = 400;
  Refusal reason = Refusal::malformed;
  std::string line;
};

class RequestReader {
 public:
  enum class State {
    head,     ///< the head is not complete
    body,     ///< head() is complete and good, a body follows
    done,     ///< the request is whole
    refused,  ///< see refused()
  };

  explicit RequestReader(const HttpLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Gives the number of bytes that are used up; the others must be given again in front of what
  /// comes next. Stops behind the head, and behind the request: what follows is the next one's.
  /// The bytes kept back never exceed HttpLimits::head_bytes.
  std::size_t feed(std::string_view bytes);

  State state() const;
  Request& request();  ///< its head from State::body on, its body from State::done on
  const Refused& refused() const;
  bool keep_alive() const;        ///< the client allows another request: HTTP/1.1 without `close`
  bool expects_continue() const;  ///< `Expect: 100-continue` of an HTTP/1.1 client

 private:
  class Parser;

  std::size_t feed_head(std::string_view bytes);
  std::size_t feed_body(std::string_view bytes);

  std::unique_ptr<Parser> parser_;
};

}  // namespace prombraid::server
