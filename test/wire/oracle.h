/// The generated Protobuf classes as a second opinion: what ours decoded, as their messages, and
/// their messages brought to the form that ours promise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "remote.pb.h"
#include "wire/chunked_frame.h"
#include "wire/request.h"
#include "wire/samples_reader.h"
#include "wire/samples_writer.h"
#include "wire/snappy_block.h"

namespace prombraid::wire {

prometheus::ReadRequest to_proto(const ReadRequest& request);
prometheus::ChunkedReadResponse to_proto(const ChunkedFrame& frame);
void to_proto(const HistogramSample& sample, prometheus::Histogram& out);

/// All that is left in the reader.
Result<prometheus::ReadResponse> to_proto(SamplesReader& reader);

/// Sorts labels, drops empty ones, unknown fields, exemplars and what belongs to the other kind of
/// histogram; names unknown encodings alike.
void normalise(prometheus::ReadRequest& request);
void normalise(prometheus::ChunkedReadResponse& frame);
void normalise(prometheus::ReadResponse& answer);

/// What the decoder says of `message`, which it puts into `frame`: the frame as Protobuf writes it,
/// or what was wrong.
std::string told(FrameDecoder& decoder, std::string_view message, ChunkedFrame& frame);

/// Writes all that is left in the reader with a SamplesWriter.
Result<BufferList> rewrite(SamplesReader& reader);

std::string joined(const BufferList& list);
std::string compressed(const std::string& bytes);
std::string uncompressed(const std::string& block);  ///< empty where it is malformed

}  // namespace prombraid::wire
