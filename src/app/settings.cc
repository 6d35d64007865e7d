#include "app/settings.h"

#include <algorithm>

#include "query/loop_marker.h"

namespace prombraid::app {

read::Settings settings_of(const config::Config& config) {
  read::Settings out;
  out.plan.ignore_matchers_on = config.read_ignore_matchers_on;
  out.plan.loop_marker = query::loop_marker(config.replicas);
  out.request.max_queries = config.limits_queries_per_request;
  out.replica_answer.series.max_labels = config.limits_labels_per_series;
  out.replica_timeout = config.replica_timeout;
  out.min_replicas = config.read_min_replicas;
  out.sample_limit = config.read_sample_limit;
  out.max_frame_bytes = config.replica_max_frame_bytes;
  out.max_response_bytes = config.read_max_response_bytes;
  out.spool_bytes_crowded =
      std::max<std::size_t>(out.spool_bytes, config.read_memory_limit / (4 * read::crowd));
  return out;
}

}  // namespace prombraid::app
