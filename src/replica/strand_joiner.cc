#include "replica/strand_joiner.h"

#include <string>
#include <utility>

namespace prombraid::replica {

namespace {

/// The memory of a longer strand is not kept: its labels and its chunks' heads.
constexpr std::size_t most_kept_bytes = 64 << 10;

}  // namespace

Result<void> check_encodings(const Labels& labels, const std::vector<Chunk>& chunks) {
  for (const Chunk& chunk : chunks) {
    if (chunk.encoding <= Encoding::float_histogram_st) continue;
    return Error(ErrorKind::unsupported, "chunk encoding " +
                                             std::to_string(static_cast<unsigned>(chunk.encoding)) +
                                             " is not known here, in series " + to_string(labels));
  }
  return {};
}

Result<void> StrandJoiner::put(std::vector<char> frame) {
  auto decoded = decoder_.decode({frame.data(), frame.size()}, decoded_);
  if (!decoded) return decoded.error();
  const auto query = static_cast<std::size_t>(decoded_.query_index);
  if (query >= limits_.queries || query < last_query_) {
    return Error(ErrorKind::corrupt, "query index " + std::to_string(query) + " after " +
                                         std::to_string(last_query_) + ", of " +
                                         std::to_string(limits_.queries) + " queries");
  }
  last_query_ = query;
  const bool alone = decoded_.series.size() == 1;
  for (auto& series : decoded_.series) {
    if (auto known = check_encodings(series.labels, series.chunks); !known) return known.error();
    Strand strand =
        alone ? take_over(series, std::move(frame)) : wire::copy_to_strand(std::move(series));
    if (auto put = put_strand(query, std::move(strand)); !put) return put.error();
  }
  return {};
}

/// The series gets the spare's memory for what is decoded next.
Strand StrandJoiner::take_over(wire::ChunkedSeries& series, std::vector<char> frame) {
  Strand strand = std::exchange(spare_, {});
  std::swap(strand.labels, series.labels);
  std::swap(strand.chunks, series.chunks);
  strand.buffers.push_back(std::move(frame));
  return strand;
}

void StrandJoiner::reuse(Strand&& strand) {
  strand.buffers.clear();
  if (strand.bytes() > most_kept_bytes) return;
  spare_ = std::move(strand);
}

Result<void> StrandJoiner::put_strand(std::size_t query, Strand&& strand) {
  std::size_t bytes = strand.chunks.size() * sizeof(Chunk);
  for (const auto& buffer : strand.buffers) bytes += buffer.size();
  const bool same = !strands_.empty() && strands_.back().query_index == query &&
                    strands_.back().strand.labels == strand.labels;
  if (!same) {
    strands_.emplace_back(query, std::move(strand));
    last_bytes_ = bytes;
    return {};
  }
  Strand& last = strands_.back().strand;
  last_bytes_ += bytes;
  if (last_bytes_ > limits_.max_series_bytes) {
    return Error(ErrorKind::limit, "series " + to_string(last.labels) + " is longer than " +
                                       std::to_string(limits_.max_series_bytes) +
                                       " bytes (--replica.max-series-bytes)");
  }
  last.chunks.insert(last.chunks.end(), strand.chunks.begin(), strand.chunks.end());
  for (auto& buffer : strand.buffers) last.buffers.push_back(std::move(buffer));
  return {};
}

std::optional<IndexedStrand> StrandJoiner::take() {
  if (strands_.size() < (ended_ ? 1u : 2u)) return std::nullopt;
  std::optional<IndexedStrand> first(std::move(strands_.front()));
  strands_.pop_front();
  return first;
}

}  // namespace prombraid::replica
