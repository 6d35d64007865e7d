/// Where a ReadStream gets its strands from: one form of an answer or the other.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "replica/failure.h"
#include "series/chunk.h"

namespace prombraid::replica {

struct IndexedStrand {
  IndexedStrand() = default;
  IndexedStrand(std::size_t q, Strand s) : query_index(q), strand(std::move(s)) {}

  std::size_t query_index = 0;
  Strand strand;
};

class StrandSource {
 public:
  virtual ~StrandSource() = default;

  /// The next strand where it is here already, whole. Else nothing, and `next` says why: it must be
  /// waited for, there is none, or what stands in its place is broken.
  virtual std::optional<IndexedStrand> ready() { return std::nullopt; }

  /// nullopt at the clean end. Not to be called again after that or a failure.
  virtual boost::asio::awaitable<ReadResult<std::optional<IndexedStrand>>> next() = 0;

  /// The memory of a strand that is not needed any more.
  virtual void reuse(Strand&&) {}
};

}  // namespace prombraid::replica
