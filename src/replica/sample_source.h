/// A SAMPLES answer, taken whole (it is one snappy block) and re-encoded into chunks.
#pragma once

#include <vector>

#include "replica/exchange.h"
#include "replica/strand_encoder.h"
#include "replica/strand_source.h"
#include "wire/read_limits.h"

namespace prombraid::replica {

/// Its senders need not sort (Prometheus selects unsorted in this mode), so the strands are sorted
/// here, and those of one label set joined. Holds the answer once as chunks after the first
/// `next`.
class SampleSource : public StrandSource {
 public:
  struct Limits {
    std::size_t queries = 1;  ///< the number of results there must be
    std::size_t max_response_bytes = std::size_t{256} << 20;
    wire::AnswerLimits answer;
  };

  /// `exchange` outlives this; its head was read, its body not.
  SampleSource(Exchange& exchange, const Limits& limits) : exchange_(exchange), limits_(limits) {}

  asio::awaitable<ReadResult<std::optional<IndexedStrand>>> next() override;

 private:
  asio::awaitable<ReadResult<void>> load();
  asio::awaitable<ReadResult<std::string>> read_body();
  asio::awaitable<ReadResult<void>> encode(wire::SamplesReader reader);
  ReadFailure fail(const Error& error) const;
  void sort();

  Exchange& exchange_;
  Limits limits_;
  std::vector<IndexedStrand> strands_;
  std::size_t taken_ = 0;
  bool loaded_ = false;
};

}  // namespace prombraid::replica
