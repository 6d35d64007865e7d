/// One set of replicas, from its addresses to what reads use: discovery and the look at replicas.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "app/set_access.h"
#include "base/error.h"
#include "config/config.h"
#include "discovery/discovery.h"
#include "metrics/metrics.h"
#include "read/replica_watch.h"
#include "read/sets.h"

namespace prombraid::app {

/// Belongs to the first thread. Between `start` and `stop` it follows the set's names and replicas.
class FollowedSet : public std::enable_shared_from_this<FollowedSet> {
 public:
  using OnChange = std::function<void()>;

  /// What all sets have in common. `io` and `metrics` outlive the sets.
  struct Around {
    boost::asio::io_context& io;
    metrics::Metrics& metrics;
    std::vector<std::string> own_keys;  ///< where this process listens: never a replica of its own
  };

  /// `on_change` is called when other replicas are known, or other things of them. Fails with
  /// bad_request where the addresses or the name servers don't parse.
  static Result<std::shared_ptr<FollowedSet>> make(Around around, const config::Config& config,
                                                   const config::SetConfig& set,
                                                   OnChange on_change);
  FollowedSet(const FollowedSet&) = delete;
  FollowedSet& operator=(const FollowedSet&) = delete;

  void start() { discovery_->start(); }

  /// The last thing called on it; the loop can then run out of work.
  void stop();

  const config::SetConfig& config() const { return config_; }
  const std::shared_ptr<const read::SetSettings>& settings() const { return settings_; }
  const read::ReplicaSetPtr& replicas() const { return replicas_; }  ///< null: none yet
  discovery::DiscoveryStatus status() const { return discovery_->status(); }

  /// Every name was looked up and every replica looked at, well or not.
  bool settled() const { return discovery_->asked_all() && watch_->looked_at_all(); }

  /// A replica answered the last look at it.
  bool serves() const;

  /// For the connections of one thread: each call gives credentials of its own.
  replica::ConnectOptions connect_options() const { return access_.connect_options(); }

  /// Tells it that a connection was refused. From any thread, also after the set has gone.
  std::function<void(const discovery::Endpoint&)> nudge();

 private:
  FollowedSet(Around around, const config::SetConfig& set, SetAccess access, OnChange on_change);
  void take(read::ReplicaSetPtr replicas);
  void tell_missing(std::size_t before, std::size_t now) const;

  const Around around_;
  const config::SetConfig config_;
  const std::shared_ptr<const read::SetSettings> settings_;
  const OnChange on_change_;
  SetAccess access_;
  read::ReplicaSetPtr replicas_;
  std::unique_ptr<read::ReplicaWatch> watch_;
  std::unique_ptr<discovery::Discovery> discovery_;
};

using FollowedSetPtr = std::shared_ptr<FollowedSet>;

}  // namespace prombraid::app
