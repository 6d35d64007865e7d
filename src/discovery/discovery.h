/// Keeps the set of replicas that a list of addresses leads to.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "discovery/address.h"
#include "discovery/endpoint.h"
#include "discovery/lookups.h"
#include "discovery/resolver.h"

namespace prombraid::discovery {

struct DiscoveryOptions {
  std::vector<Address> addresses;
  RefreshOptions refresh;
  /// Keys of endpoints never to be taken, such as this process's own listeners.
  std::vector<std::string> exclude;
};

struct DiscoveryStatus {
  std::vector<LookupStatus> lookups;  ///< by name, then type
  std::size_t endpoints = 0;
  std::uint64_t left_out = 0;       ///< records refused or above the cap, all answers together
  std::uint64_t excluded = 0;       ///< endpoints of the current set kept out by `exclude`
  std::uint64_t lookups_total = 0;  ///< never falls, also counts names now gone
  std::map<std::string, std::uint64_t> failures_total;  ///< likewise, by reason
};

/// Runs on one event loop and its thread; only nudge() may be called from others. No read ever
/// waits for it: readers hold the set last published.
class Discovery {
 public:
  using OnChange = std::function<void(std::shared_ptr<const EndpointSet>)>;

  /// `io` and what `on_change` refers to must outlive this.
  Discovery(boost::asio::io_context& io, DiscoveryOptions options,
            std::unique_ptr<Resolver> resolver, OnChange on_change);
  ~Discovery();
  Discovery(const Discovery&) = delete;
  Discovery& operator=(const Discovery&) = delete;

  /// Literal addresses and the hosts file need no waiting: where there are only literals
  /// `on_change` is called before this returns. A change is a set that differs from the last one;
  /// the first set is empty and not told. It is called once more, changed or not, when `asked_all`
  /// becomes true.
  void start();

  /// A connection to `endpoint` failed: every lookup that led to it is made again early, and a
  /// name that stands for one replica moves on to its next address. From any thread.
  void nudge(const Endpoint& endpoint);

  /// The last thing called on it before destruction; the loop can then run out of work.
  void stop();

  /// Every name has brought an address or was looked up in vain, once.
  bool asked_all() const;

  std::shared_ptr<const EndpointSet> endpoints() const;  ///< never null
  DiscoveryStatus status() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace prombraid::discovery
