/// The body of an HTTP/1.1 answer, taken out of its framing: a machine without I/O.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "replica/http_head.h"

namespace prombraid::replica {

class BodyReader {
 public:
  BodyReader() = default;
  /// For the body that `head` announces. One that is not framed has no end.
  explicit BodyReader(const ResponseHead& head);

  /// Takes the front of `bytes`, gives what of it is body and removes both from `bytes`. An empty
  /// piece means that all of `bytes` is taken, or that the body is at its end: what is left in
  /// `bytes` does not belong to it. Error: corrupt (chunked: a size that is not plain hexadecimal
  /// of at most 15 digits, an extension beyond 256 bytes, a missing CRLF, trailers beyond 8 KiB).
  Result<std::string_view> take(std::string_view& bytes);

  /// True after the last byte of the framing, trailers included.
  bool done() const { return state_ == State::end; }

 private:
  enum class State { size, extension, size_lf, content, content_cr, content_lf, trailer, end };

  Result<void> frame(char c);
  Result<void> take_size(char c);
  Result<void> take_trailer(char c);
  std::string_view content(std::string_view& bytes);

  State state_ = State::end;
  bool chunked_ = false;
  bool endless_ = false;
  std::uint64_t left_ = 0;    // of the chunk, or of the whole body
  unsigned digits_ = 0;       // of the chunk's size
  std::size_t overhead_ = 0;  // bytes of this extension, or of all trailers
  std::size_t line_ = 0;      // bytes of this trailer line
  bool cr_ = false;
};

}  // namespace prombraid::replica
