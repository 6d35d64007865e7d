/// Routes whose requests are traced.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "server/http.h"
#include "trace/tracer.h"

namespace prombraid::app {

/// Where the spans of a request go when it is answered.
using SpanSink = std::function<void(std::vector<trace::Span>)>;

/// `route`, with a trace in each request: the one of its `traceparent`, or one of its own. The span
/// has the name `METHOD PATH`, and fails with a status of 500 and more. `tracer` outlives it.
server::Route traced(const trace::Tracer& tracer, SpanSink sink, const std::string& method,
                     const std::string& path, server::Route route);

}  // namespace prombraid::app
