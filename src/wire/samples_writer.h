/// Writes a SAMPLES answer: one snappy block that holds a prompb.ReadResponse, told series by
/// series and kept only compressed.
#pragma once

#include <cstdint>
#include <span>

#include "base/error.h"
#include "series/labels.h"
#include "series/sample.h"
#include "wire/bytes.h"
#include "wire/snappy_block.h"

namespace prombraid::wire {

/// Use:
///
///     for each query:  writer.begin_result();
///       for each series:  writer.begin_series(labels);  writer.add(...) ...;  writer.end_series();
///     writer.finish()
///
/// One result is written for each query, in order, empty ones too. All floats of a series come
/// before its histograms or between them; Protobuf keeps the order of each kind only.
///
/// A message's length stands before it. A series of up to `gathered_bytes` is encoded first and
/// then measured; of a longer one, as of each result, the length is written afterwards into a gap
/// left for it. So memory is the compressed answer plus about a megabyte, whatever a series' size.
class SamplesWriter {
 public:
  /// `max_bytes`: of the uncompressed answer. C++ Protobuf reads no message of 2 GiB or more.
  explicit SamplesWriter(std::uint64_t max_bytes = 0x7fffffff) : max_bytes_(max_bytes) {}

  void begin_result();
  void begin_series(const Labels& labels);
  void add(std::span<const Sample> samples);
  /// The same, column by column.
  void add(std::span<const Timestamp> times, std::span<const DoubleBits> values);
  void add(Timestamp t, const Histogram& histogram);
  void end_series();

  /// Uncompressed bytes so far: the caller may stop early where it passes a limit of its own.
  std::uint64_t answer_bytes() const { return block_.uncompressed_bytes() + series_.size(); }
  /// True where the limit is passed: nothing more is kept and finish() will fail.
  bool too_long() const { return too_long_; }
  /// The bytes it holds, for memory accounting.
  std::size_t bytes() const { return block_.bytes() + series_.capacity(); }

  /// The answer's body. Error: limit (max_bytes).
  Result<BufferList> finish();

  static constexpr std::size_t gathered_bytes = 1 << 20;

 private:
  struct Open {  // a message whose length is written when it is known
    std::size_t gap = 0;
    std::uint64_t begin = 0;
    bool open = false;
  };
  template <class At>
  void add_floats(std::size_t count, At at);
  void open(Open& message);
  void close(Open& message);
  void spill();
  void write(std::string_view bytes);

  std::uint64_t max_bytes_;
  bool too_long_ = false;
  SnappyBlockWriter block_;
  Bytes series_;  // of the series being written: all of it, or what is not yet in block_
  Open result_;
  Open long_series_;
};

}  // namespace prombraid::wire
