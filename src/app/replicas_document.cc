#include "app/replicas_document.h"

#include <chrono>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/utf8.h"
#include "config/version.h"
#include "replica/said.h"

namespace prombraid::app {

namespace {

namespace json = boost::json;

json::string text(std::string_view from) {
  constexpr std::size_t longest = 1000;
  const std::string shown = replica::printable(from, longest);
  return json::string(shown.data(), shown.size());
}

/// The bound of the bucket that holds the 90th of 100; null beyond the last.
json::value p90(const metrics::DurationHistogram<metrics::SharedCell>& histogram,
                std::int64_t count) {
  std::int64_t below = 0;
  for (std::size_t i = 0; i + 1 < histogram.buckets; ++i) {
    below += histogram.count(i);
    if (below * 10 >= count * 9) return metrics::duration_bounds[i];
  }
  return nullptr;
}

json::object first_byte(const metrics::ReplicaCounters& counters) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < counters.first_byte.buckets; ++i) {
    count += counters.first_byte.count(i);
  }
  const double mean =
      count == 0 ? 0 : counters.first_byte.sum_seconds() / static_cast<double>(count);
  return {{"count", count}, {"mean", mean}, {"p90", p90(counters.first_byte, count)}};
}

json::object failures(const metrics::ReplicaCounters& counters) {
  json::object out;
  for (std::size_t i = 0; i < counters.failures.size; ++i) {
    const std::int64_t count = counters.failures.at(i).get();
    if (count > 0) out[std::string(counters.failures.name(i))] = count;
  }
  return out;
}

json::value labels(const std::optional<Labels>& known) {
  if (!known) return nullptr;
  json::object out;
  for (const Label label : *known) out[valid_utf8(label.name)] = text(label.value);
  return out;
}

json::object replica_json(const read::Replica& replica, const query::Member& member) {
  return {{"name", text(member.name)},
          {"host", text(replica.endpoint.host)},
          {"up", replica.problem.empty()},
          {"problem", text(replica.problem)},
          {"version", text(replica.version)},
          {"several", replica.several},
          {"externalLabels", labels(member.external_labels)},
          {"requests", replica.counters->requests.get()},
          {"receivedBytes", replica.counters->received_bytes.get()},
          {"failures", failures(*replica.counters)},
          {"firstByte", first_byte(*replica.counters)}};
}

json::object set_json(const SetStatus& status) {
  const read::ReplicaSet* set = status.set.get();
  json::array replicas;
  json::array dropped;
  for (std::size_t i = 0; set != nullptr && i < set->replicas.size(); ++i) {
    replicas.push_back(replica_json(set->replicas[i], set->members[i]));
  }
  if (set != nullptr) {
    for (const std::string& one : set->replica_labels.names()) dropped.push_back(text(one));
  }
  return {{"name", text(status.name)},
          {"expected", status.expected},
          {"replicaLabels", std::move(dropped)},
          {"replicas", std::move(replicas)}};
}

json::value milliseconds(const std::optional<discovery::Millis>& time) {
  return time ? json::value(time->count()) : json::value(nullptr);
}

json::object lookup_json(const discovery::LookupStatus& lookup) {
  std::uint64_t failed = 0;
  for (const auto& [reason, count] : lookup.failures) failed += count;
  return {{"name", text(lookup.name)},
          {"type", text(discovery::name_of(lookup.type))},
          {"records", lookup.size},
          {"stale", lookup.stale},
          {"lookups", lookup.lookups},
          {"failed", failed},
          {"sinceSuccess", milliseconds(lookup.since_success)},
          {"untilNext", milliseconds(lookup.until_next)},
          {"lastAnswer", text(lookup.last_answer)}};
}

}  // namespace

json::value replicas_document(std::span<const SetStatus> statuses) {
  json::array sets;
  json::array dns;
  for (const SetStatus& status : statuses) {
    sets.push_back(set_json(status));
    for (const auto& lookup : status.discovery.lookups) dns.push_back(lookup_json(lookup));
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return json::object{{"version", text(config::version().number)},
                      {"now", std::chrono::duration_cast<std::chrono::milliseconds>(now).count()},
                      {"sets", std::move(sets)},
                      {"dns", std::move(dns)}};
}

}  // namespace prombraid::app
