/// Builds metric families one after the other and writes them as text. The only place that knows
/// prometheus-cpp, of which we use the model and the text form: its own counters take a lock an
/// add.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prombraid::metrics {

class Families {
 public:
  using LabelList = std::vector<std::pair<std::string_view, std::string_view>>;

  Families();
  ~Families();

  /// Begins a family: what is added next belongs to it.
  void counter(std::string_view name, std::string_view help);
  void gauge(std::string_view name, std::string_view help);
  void histogram(std::string_view name, std::string_view help);

  void add(double value, const LabelList& labels = {});

  /// A histogram over `duration_bounds`; `counts` are not cumulative and end with the +Inf bucket.
  void add(const std::vector<double>& counts, double sum, const LabelList& labels = {});

  /// Label values that are not UTF-8 come out with U+FFFD in place of the bad bytes.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace prombraid::metrics
