#include "replica/frame_source.h"

namespace prombraid::replica {

namespace {

/// The first bytes of a torn frame can all be printable by chance; servers say more than this.
constexpr std::size_t shortest_text = 12;

}  // namespace

std::optional<IndexedStrand> FrameSource::ready() {
  for (;;) {
    if (auto strand = joiner_.take()) return strand;
    if (ended_ || undecoded_) return std::nullopt;
    auto frame = frames_.next();
    if (!frame || !*frame) return std::nullopt;  // both are said again where they are asked for
    tail_.message((*frame)->size());
    if (auto put = joiner_.put(std::move(**frame)); !put) undecoded_ = std::move(put).error();
  }
}

asio::awaitable<ReadResult<std::optional<IndexedStrand>>> FrameSource::next() {
  for (;;) {
    if (auto strand = ready()) co_return strand;
    if (ended_) co_return std::optional<IndexedStrand>();
    if (undecoded_) {
      co_return failure_of(exchange_.endpoint(), reason_of(*undecoded_), undecoded_->what);
    }
    if (auto frame = frames_.next(); !frame) co_return co_await diagnose(frame.error());
    auto more = co_await read_more();
    if (!more) co_return more.error();
  }
}

void FrameSource::reuse(Strand&& strand) {
  if (!strand.buffers.empty()) frames_.reuse(std::move(strand.buffers.front()));
  joiner_.reuse(std::move(strand));
}

asio::awaitable<ReadResult<void>> FrameSource::read_more() {
  tail_.keep();
  auto piece = co_await exchange_.body();
  if (!piece) co_return piece.error();
  if (!piece->empty()) {
    tail_.piece(*piece);
    frames_.feed(*piece);
    co_return ReadResult<void>();
  }
  if (!frames_.at_boundary()) co_return torn();
  joiner_.end();
  ended_ = true;
  co_return ReadResult<void>();
}

ReadFailure FrameSource::torn() const {
  const std::string text = tail_.text();
  if (tail_.size() >= shortest_text && is_text(text)) return text_after_200(text);
  return failure_of(exchange_.endpoint(), FailureReason::torn,
                    "the answer ended " + std::to_string(tail_.size()) + " bytes into a frame");
}

/// What stands where a frame should be is either broken or an error's text.
asio::awaitable<ReadFailure> FrameSource::diagnose(Error error) {
  std::string text = tail_.text();
  if (is_text(text)) {
    const std::string more = co_await exchange_.explanation();
    text.append(more, 0, max_said - text.size());
    if (text.size() >= shortest_text && is_text(text)) co_return text_after_200(text);
  }
  co_return failure_of(exchange_.endpoint(), reason_of(error), error.what);
}

ReadFailure FrameSource::text_after_200(std::string_view text) const {
  std::string said = printable(text);
  ReadFailure failure = failure_of(exchange_.endpoint(), FailureReason::text_after_200,
                                   "failed inside its answer: \"" + said + '"');
  failure.text = std::move(said);
  return failure;
}

}  // namespace prombraid::replica
