/// A STREAMED_XOR_CHUNKS answer, read frame by frame as strands are asked for.
#pragma once

#include "replica/exchange.h"
#include "replica/frame_tail.h"
#include "replica/strand_joiner.h"
#include "replica/strand_source.h"
#include "wire/frame_reader.h"

namespace prombraid::replica {

/// The end is clean only where HTTP's own end of the body comes on a frame's boundary. A server
/// that fails midway appends its error's text to the frames and ends the body as if all were well:
/// that text is quoted (text_after_200).
class FrameSource : public StrandSource {
 public:
  /// `exchange` outlives this; its head was read, its body not.
  FrameSource(Exchange& exchange, std::size_t max_frame_bytes, const StrandJoiner::Limits& limits)
      : exchange_(exchange), frames_(max_frame_bytes), joiner_(limits) {}

  std::optional<IndexedStrand> ready() override;
  asio::awaitable<ReadResult<std::optional<IndexedStrand>>> next() override;
  void reuse(Strand&& strand) override;

 private:
  asio::awaitable<ReadResult<void>> read_more();
  asio::awaitable<ReadFailure> diagnose(Error error);
  ReadFailure torn() const;
  ReadFailure text_after_200(std::string_view text) const;

  Exchange& exchange_;
  wire::FrameReader frames_;
  FrameTail tail_;
  StrandJoiner joiner_;
  std::optional<Error> undecoded_;  ///< what is wrong in the last frame
  bool ended_ = false;
};

}  // namespace prombraid::replica
