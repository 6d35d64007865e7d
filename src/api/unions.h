/// What several replicas know, put together: names, series, metadata. Machines without I/O.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/json/value.hpp>

#include "api/scope.h"
#include "base/error.h"
#include "series/labels.h"

namespace prombraid::api {

/// Names of labels, or values of one.
class NameUnion {
 public:
  /// An array of strings. Fails with unsupported on anything else.
  Result<void> add(const boost::json::value& data);
  void add(std::string name) { names_.push_back(std::move(name)); }
  void add(NameUnion&& other);
  void remove(std::string_view name);
  bool empty() const { return names_.empty(); }

  /// The sorted names as JSON, the first `limit` of them (0: all).
  std::string json(std::size_t limit);
  bool cut(std::size_t limit) const { return limit > 0 && names_.size() > limit; }

 private:
  void settle();

  std::vector<std::string> names_;
};

/// Label sets, as a read would answer them.
class SeriesUnion {
 public:
  /// An array of objects of strings, of a member whose series are shown with `external`. A series
  /// must pass the filters of one of `selectors` at least, if there are any. `dropped` are not
  /// shown.
  Result<void> add(const boost::json::value& data, const Labels& external,
                   std::span<const MemberSelector> selectors, const query::ReplicaLabels& dropped,
                   bool keep_replica_labels);

  std::string json(std::size_t limit);
  bool cut(std::size_t limit) const { return limit > 0 && series_.size() > limit; }

 private:
  std::vector<Labels> series_;
};

/// What is known of each metric: type, help and unit, in as many forms as there are.
class MetadataUnion {
 public:
  /// `{"metric":[{"type":"..","help":"..","unit":".."},...],...}`.
  Result<void> add(const boost::json::value& data);

  /// `limit` metrics with `limit_per_metric` forms each; 0: all.
  std::string json(std::size_t limit, std::size_t limit_per_metric) const;

 private:
  using Form = std::tuple<std::string, std::string, std::string>;  ///< type, help, unit
  std::map<std::string, std::set<Form>, std::less<>> metrics_;
};

}  // namespace prombraid::api
