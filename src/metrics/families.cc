#include "metrics/families.h"

#include <limits>
#include <sstream>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "base/utf8.h"
#include "metrics/cell.h"

namespace prombraid::metrics {

struct Families::State {
  std::vector<prometheus::MetricFamily> families;

  void begin(std::string_view name, std::string_view help, prometheus::MetricType type) {
    families.push_back({"prombraid_" + std::string(name), std::string(help), type, {}});
    // The process metrics are the one group whose names all client libraries share.
    if (name.starts_with("process_")) families.back().name = name;
  }

  prometheus::ClientMetric& next(const LabelList& labels) {
    prometheus::ClientMetric& metric = families.back().metric.emplace_back();
    for (const auto& [name, value] : labels) {
      metric.label.push_back({std::string(name), valid_utf8(value)});
    }
    return metric;
  }
};

Families::Families() : state_(std::make_unique<State>()) {}
Families::~Families() = default;

void Families::counter(std::string_view name, std::string_view help) {
  state_->begin(name, help, prometheus::MetricType::Counter);
}

void Families::gauge(std::string_view name, std::string_view help) {
  state_->begin(name, help, prometheus::MetricType::Gauge);
}

void Families::histogram(std::string_view name, std::string_view help) {
  state_->begin(name, help, prometheus::MetricType::Histogram);
}

void Families::add(double value, const LabelList& labels) {
  prometheus::ClientMetric& metric = state_->next(labels);
  if (state_->families.back().type == prometheus::MetricType::Counter) {
    metric.counter.value = value;
  } else {
    metric.gauge.value = value;
  }
}

void Families::add(const std::vector<double>& counts, double sum, const LabelList& labels) {
  prometheus::ClientMetric::Histogram& histogram = state_->next(labels).histogram;
  double total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const bool last = i >= std::size(duration_bounds);
    histogram.bucket.push_back(
        {static_cast<std::uint64_t>(total),
         last ? std::numeric_limits<double>::infinity() : duration_bounds[i]});
  }
  histogram.sample_count = static_cast<std::uint64_t>(total);
  histogram.sample_sum = sum;
}

std::string Families::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, state_->families);
  return std::move(out).str();
}

}  // namespace prombraid::metrics
