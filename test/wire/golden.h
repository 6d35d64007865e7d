/// What real Prometheus servers answered (test/golden/remote-read), and what it means.
#pragma once

#include <string>
#include <vector>

#include "series/labels.h"
#include "series/sample.h"

namespace prombraid::wire {

struct GoldenSeries {
  std::size_t query = 0;
  Labels labels;
  std::vector<Sample> floats;
  std::vector<Timestamp> histogram_times;
};

struct Golden {
  std::string name;
  bool chunks = false;
  std::string request;
  std::string response;
  std::vector<GoldenSeries> series;
};

std::vector<Golden> load_golden();

}  // namespace prombraid::wire
