/// The parameters of a request to the API: those of its address and of a form in its body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace prombraid::api {

/// `%41` and, where `plus_is_blank`, `+` undone. Fails with bad_request on a `%` without two
/// hexadecimal digits behind it.
Result<std::string> percent_decoded(std::string_view text, bool plus_is_blank);

/// `text` with all but letters, digits and `-._~` as `%XX` (RFC 3986, section 2.3), fit for a name,
/// a value or a segment of a path.
std::string percent_encoded(std::string_view text);

/// Names and values in the order they came, as Go's net/url reads them: the form in the body before
/// the query of the address, so that a POST's own value is the first. Unlike boost::urls it takes
/// `[`, `{` and `"` unencoded, as people type `match[]=up{job="x"}`.
class Form {
 public:
  /// The size of both is the HTTP edge's to limit. Fails with bad_request.
  static Result<Form> parse(std::string_view query, std::string_view body = {});

  /// The first value of `name` that is not empty: to Prometheus's API an empty one is none.
  std::optional<std::string_view> get(std::string_view name) const;
  std::vector<std::string_view> all(std::string_view name) const;

 private:
  Result<void> add(std::string_view encoded);

  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace prombraid::api
