/// An answer in words: for one request, what was taken from which replica, and why.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "query/plan.h"
#include "read/groups.h"
#include "read/merged.h"
#include "read/thread_context.h"

namespace prombraid::read {

/// A request with this field is answered with a page. Its value is `true`, or a number: how many
/// series are explained at most, in place of `explained_series`.
inline constexpr const char* explain_header = "X-Prombraid-Explain";
inline constexpr std::size_t explained_series = 20;
inline constexpr std::size_t most_explained_series = 10'000;

/// The number of series that a value of the field asks for; 0 where it is absent or `false`. Fails
/// with bad_request on anything else.
Result<std::size_t> explain_wanted(std::optional<std::string_view> value);

/// Reads as every other answer does, and writes of the first series what was done instead of their
/// samples. The page is at most some 20 KiB a series.
class ExplainedAnswer {
 public:
  /// `sets` is what `plan` was made for.
  ExplainedAnswer(ThreadContext& context, const Sets& sets, const query::Plan& plan,
                  Contributors& contributors, std::size_t limit);

  /// The whole page. Errors: unavailable where too few replicas were left.
  boost::asio::awaitable<Result<std::string>> make();

 private:
  boost::asio::awaitable<Result<void>> explain_query(std::size_t query);
  void explain_series(const merge::SeriesJoin::Group& group, const query::Asked& asked);
  std::string head() const;
  std::string failures() const;

  ThreadContext& context_;
  const Sets& sets_;
  const query::Plan& plan_;
  Contributors& contributors_;
  const std::size_t limit_;
  std::size_t explained_ = 0;
  bool cut_ = false;  ///< there are more series than the limit
  MergedSeries merged_;
  std::string text_;
  Held held_;
};

}  // namespace prombraid::read
