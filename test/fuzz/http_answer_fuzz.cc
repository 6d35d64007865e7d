/// Any bytes as a replica's answer, the first of them choosing the size of the pieces they arrive
/// in: head, body and frames must not depend on the pieces, and every byte is taken once.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "replica/http_body.h"
#include "replica/http_head.h"
#include "replica/said.h"
#include "wire/frame_reader.h"

using namespace prombraid;
using namespace prombraid::replica;

namespace {

void require(bool promise) {
  if (!promise) std::abort();
}

/// What a reader knows when the bytes are used up.
struct Reading {
  std::string head;  ///< of a whole head, as text
  std::string body;
  std::string error;
  std::size_t taken = 0;
  bool ended = false;  ///< the body is at its end
  std::vector<std::vector<char>> frames;
  bool at_boundary = false;

  bool operator==(const Reading&) const = default;
};

std::string shown(const ResponseHead& head) {
  return std::to_string(head.status) + ' ' + (head.length ? std::to_string(*head.length) : "-") +
         (head.chunked ? " chunked" : "") + (head.keep_alive ? " kept " : " closed ") +
         head.content_type + '|' + head.content_encoding;
}

class Reader {
 public:
  explicit Reader(std::size_t piece) : piece_(piece) {}

  Reading read(std::string_view bytes) {
    while (!bytes.empty() && out_.error.empty() && !out_.ended) {
      const std::string_view part = bytes.substr(0, piece_);
      const std::size_t before = out_.taken;
      take(part);
      bytes.remove_prefix(std::max<std::size_t>(out_.taken - before, 1));
    }
    out_.at_boundary = frames_.at_boundary();
    return std::move(out_);
  }

 private:
  void take(std::string_view part) {
    if (!head_.done()) {
      const auto taken = head_.feed(part);
      if (taken.has_error()) return fail(taken.error());
      require(*taken <= part.size());
      out_.taken += *taken;
      part.remove_prefix(*taken);
      if (!head_.done()) return require(part.empty());
      out_.head = shown(head_.head());
      body_ = BodyReader(head_.head());
    }
    take_body(part);
  }

  void take_body(std::string_view part) {
    for (;;) {
      const std::size_t before = part.size();
      const auto piece = body_.take(part);
      if (piece.has_error()) return fail(piece.error());
      out_.taken += before - part.size();
      if (piece->empty()) break;
      out_.body += *piece;
      take_frames(*piece);
    }
    out_.ended = body_.done();
    require(out_.ended || part.empty());
  }

  void take_frames(std::string_view piece) {
    if (frames_failed_) return;
    frames_.feed(piece);
    for (;;) {
      auto frame = frames_.next();
      frames_failed_ = frame.has_error();
      if (frames_failed_ || !*frame) return;
      out_.frames.push_back(*std::move(*frame));
    }
  }

  void fail(const Error& error) {
    require(!error.what.empty());
    out_.error = error.what;
  }

  std::size_t piece_;
  HeadReader head_;
  BodyReader body_;
  wire::FrameReader frames_{std::size_t{1} << 16};
  bool frames_failed_ = false;
  Reading out_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] % 64;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  Reading whole = Reader(std::size_t{1} << 20).read(bytes);
  Reading split = Reader(piece).read(bytes);
  if (!whole.error.empty()) whole.taken = split.taken = 0;  // a fault takes nothing of its piece
  require(whole == split);
  for (const char c : printable(whole.body)) require(c != 0x7f && (c < 0 || c >= ' '));
  return 0;
}
