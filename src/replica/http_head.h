/// The head of an HTTP/1.1 answer, read strictly (RFC 9112): a machine without I/O.
///
/// What is refused because two readers could understand it differently: other versions, bare LF or
/// CR, folded lines, control characters, white space around a field's name, a length that is not
/// plain digits or comes twice, a length beside a transfer coding, any coding but `chunked`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid::replica {

struct HeadLimits {
  std::size_t max_bytes = 32768;  ///< all heads of one answer, interim ones (1xx) included
  std::size_t max_fields = 100;   ///< of one head
};

struct ResponseHead {
  unsigned status = 0;
  std::optional<std::uint64_t> length;  ///< Content-Length
  bool chunked = false;
  bool keep_alive = true;  ///< no `Connection: close`
  std::string content_type;
  std::string content_encoding;
  std::string connection;  ///< names the fields that are not to be passed on
  std::string others;      ///< every other field, as a line with its CRLF

  /// True where the body's end can be seen: torn answers then show.
  bool framed() const { return chunked || length.has_value() || bodyless(); }
  bool bodyless() const { return status == 204 || status == 304; }
};

class HeadReader {
 public:
  explicit HeadReader(HeadLimits limits = {}) : limits_(limits) {}

  /// Takes bytes up to the head's end and says how many; the rest belongs to the body. Interim
  /// answers are skipped. Errors: corrupt, limit. After an error it is not to be fed again.
  Result<std::size_t> feed(std::string_view bytes);

  bool done() const { return done_; }
  const ResponseHead& head() const { return head_; }

 private:
  Result<void> take_line();
  Result<void> take_status();
  Result<void> take_field();
  Result<void> take_known(std::string_view name, std::string_view value);
  Result<void> finish();

  HeadLimits limits_;
  ResponseHead head_;
  std::string line_;  // the line being read, without its CRLF
  std::size_t bytes_ = 0;
  std::size_t fields_ = 0;
  bool cr_ = false;
  bool has_status_ = false;
  bool done_ = false;
};

}  // namespace prombraid::replica
