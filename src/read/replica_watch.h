/// Learns, in the background, who the replicas behind the endpoints are, and makes of it the set
/// that reads use.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "discovery/endpoint.h"
#include "metrics/metrics.h"
#include "read/replica_set.h"
#include "replica/connections.h"
#include "replica/facts.h"

namespace prombraid::read {

struct WatchOptions {
  std::string set = "default";                    ///< its name
  std::vector<std::string> replica_labels;        ///< configured ones; empty: find them
  std::optional<Labels> external_labels;          ///< of a replica that does not tell its own
  std::chrono::milliseconds look_every{30'000};   ///< at a replica that answers
  std::chrono::milliseconds look_again{2'000};    ///< at one that did not
  std::chrono::milliseconds look_timeout{5'000};  ///< of one look
  replica::ConnectOptions connect;
};

/// Each look has a connection of its own: on a kept one a load balancer would always show the same
/// process. A replica that is new, or another than before, is looked at again soon, to see whether
/// it is one of several behind its address.
///
/// Runs on one io_context and its thread. A new endpoint joins the set when its first look has
/// ended, well or not: until then nobody knows which of its labels are external. What was learned
/// of a replica is kept while it is down.
class ReplicaWatch {
 public:
  using Publish = std::function<void(ReplicaSetPtr)>;

  ReplicaWatch(boost::asio::io_context& io, metrics::Metrics& metrics, WatchOptions options,
               Publish publish);
  ~ReplicaWatch();
  ReplicaWatch(const ReplicaWatch&) = delete;
  ReplicaWatch& operator=(const ReplicaWatch&) = delete;

  /// Replaces the endpoints to look at. Those already known keep what is known of them.
  void follow(const discovery::EndpointSet& endpoints);

  /// Every replica that is followed was looked at once, well or not.
  bool looked_at_all() const;

  /// Looks at every replica that is not known to be well as soon as may be.
  void look_again();

  void stop();

 private:
  struct Watched;

  boost::asio::awaitable<void> look_at(std::shared_ptr<Watched> watched);
  boost::asio::awaitable<replica::ReadResult<replica::ReplicaFacts>> look(
      const discovery::Endpoint& endpoint);
  void identify(Watched& watched, const replica::ReplicaFacts& facts);
  void learned(Watched& watched, replica::ReplicaFacts facts);
  void failed(Watched& watched, std::string problem);
  void publish();

  boost::asio::io_context& io_;
  metrics::Metrics& metrics_;
  WatchOptions options_;
  Publish publish_;
  query::ReplicaLabels replica_labels_;
  std::map<std::string, std::shared_ptr<Watched>> watched_;  ///< by endpoint key
};

}  // namespace prombraid::read
