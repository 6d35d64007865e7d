/// One replica's answer over the HTTP API, read piece by piece and kept whole within a limit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/stream_parser.hpp>
#include <boost/json/value.hpp>

#include "base/error.h"

namespace prombraid::api {

struct Reply {
  boost::json::value data;
  std::vector<std::string> warnings;  ///< printable, at most `max_warnings`
};

inline constexpr std::size_t max_warnings = 20;

/// A machine without I/O: `feed` it the body, then `take` the reply.
class ReplyReader {
 public:
  explicit ReplyReader(std::size_t max_bytes);

  /// Fails with limit beyond `max_bytes`, with corrupt on what is no JSON or is nested deeper than
  /// any answer of the API. After an error it is not to be fed again.
  Result<void> feed(std::string_view piece);

  /// Fails with corrupt where the JSON is not whole, unsupported where it is no success.
  Result<Reply> take();

  std::size_t bytes() const { return bytes_; }

  /// What a reply of `bytes` takes in memory at most while it is read: a short string costs the
  /// most, 24 bytes of its value beside its own block (measured up to 4.5 times).
  static constexpr std::size_t cost(std::size_t bytes) { return 6 * bytes; }

 private:
  boost::json::stream_parser parser_;
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
};

/// What a replica that refused wrote: the `error` of its JSON, else the text itself.
std::string said_in(std::string_view body);

}  // namespace prombraid::api
