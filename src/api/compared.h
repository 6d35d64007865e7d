/// Replicas side by side, for people. A machine without I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api/covered.h"

namespace prombraid::api {

/// By how many milliseconds the samples of `strand` come after those of `first`: the median over
/// the samples of `strand`, each compared with the last one of `first` that is not later. Nothing
/// where none can be compared.
std::optional<std::uint64_t> offset_of(const Strand& first, const Strand& strand, TimeRange range);

/// What is found in one series after another.
class Comparison {
 public:
  /// Lines about `series` where its replicas differ; empty where they do not.
  std::string add(const Covered& series);

  /// The line at the end.
  std::string summary() const;
  bool differs() const { return differing_ > 0; }

 private:
  std::uint64_t series_ = 0;
  std::uint64_t differing_ = 0;
  std::uint64_t holes_ = 0;
  std::uint64_t missing_ = 0;
  std::uint64_t conflicts_ = 0;
};

}  // namespace prombraid::api
