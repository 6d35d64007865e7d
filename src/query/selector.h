/// A PromQL series selector as text.
#pragma once

#include <string_view>
#include <vector>

#include "base/error.h"
#include "series/matcher.h"

namespace prombraid::query {

/// The matchers of `up{job="x", instance=~"a.*"}`, the metric's name first, as `__name__`. Values
/// are quoted as in Go: "..." and '...' with its escapes, `...` raw; a comma may end the list.
/// Since Prometheus 3 names may be quoted too, which is how those beyond ASCII are written:
/// `{"my.metric", "my.label"="x"}` (promql/parser/generated_parser.y, vector_selector; lex.go).
///
/// Fails with bad_request and the position of what is wrong, counted in bytes from 1. That includes
/// a regular expression that does not compile, and a selector of matchers that all take an absent
/// label: it would select everything.
Result<std::vector<Matcher>> parse_selector(std::string_view text);

}  // namespace prombraid::query
