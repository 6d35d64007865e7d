#include "replica/http_body.h"

#include <algorithm>
#include <limits>
#include <string>

#include "base/ascii.h"

namespace prombraid::replica {

namespace {

constexpr std::size_t max_extension = 256;
constexpr std::size_t max_trailers = 8192;
constexpr unsigned max_size_digits = 15;  // cannot overflow

Error malformed(const char* what) {
  return Error(ErrorKind::corrupt, std::string("chunked body: ") + what);
}

}  // namespace

BodyReader::BodyReader(const ResponseHead& head) : chunked_(head.chunked) {
  if (head.bodyless()) {
    chunked_ = false;
  } else if (chunked_) {
    state_ = State::size;
  } else {
    endless_ = !head.length;
    left_ = head.length.value_or(std::numeric_limits<std::uint64_t>::max());
    state_ = left_ == 0 ? State::end : State::content;
  }
}

Result<std::string_view> BodyReader::take(std::string_view& bytes) {
  while (!bytes.empty() && state_ != State::end) {
    if (state_ == State::content) return content(bytes);
    const char c = bytes.front();
    bytes.remove_prefix(1);
    if (auto framed = frame(c); !framed) return framed.error();
  }
  return std::string_view();
}

std::string_view BodyReader::content(std::string_view& bytes) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  const std::string_view piece = bytes.substr(0, size);
  bytes.remove_prefix(size);
  if (!endless_) left_ -= size;
  if (left_ == 0) state_ = chunked_ ? State::content_cr : State::end;
  return piece;
}

Result<void> BodyReader::frame(char c) {
  switch (state_) {
    case State::size:
      return take_size(c);
    case State::extension:
      if (c == '\r') {
        state_ = State::size_lf;
      } else if ((is_control(c) && c != '\t') || ++overhead_ > max_extension) {
        return malformed("bad chunk extension");
      }
      return {};
    case State::size_lf:
      if (c != '\n') return malformed("CR without LF after a chunk's size");
      state_ = left_ > 0 ? State::content : State::trailer;
      digits_ = 0;
      overhead_ = 0;
      return {};
    case State::content_cr:
      if (c != '\r') return malformed("no CRLF after a chunk");
      state_ = State::content_lf;
      return {};
    case State::content_lf:
      if (c != '\n') return malformed("no CRLF after a chunk");
      state_ = State::size;
      return {};
    case State::trailer:
      return take_trailer(c);
    case State::content:
    case State::end:
      break;
  }
  return Error(ErrorKind::internal, "body framing in a wrong state");
}

Result<void> BodyReader::take_size(char c) {
  if (const int digit = hex_value(c); digit >= 0) {
    if (++digits_ > max_size_digits) return malformed("chunk size too large");
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    return {};
  }
  if (digits_ == 0 || (c != '\r' && c != ';')) return malformed("bad chunk size");
  state_ = c == ';' ? State::extension : State::size_lf;
  return {};
}

/// Trailers are read past: nothing here has a use for them.
Result<void> BodyReader::take_trailer(char c) {
  if (++overhead_ > max_trailers) return malformed("trailers too long");
  if (cr_) {
    if (c != '\n') return malformed("CR without LF in the trailers");
    cr_ = false;
    if (line_ == 0) state_ = State::end;
    line_ = 0;
  } else if (c == '\r') {
    cr_ = true;
  } else if (is_control(c) && c != '\t') {
    return malformed("control character in the trailers");
  } else {
    ++line_;
  }
  return {};
}

}  // namespace prombraid::replica
