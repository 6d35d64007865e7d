/// The sets that are followed now, and how another configuration takes the place of this one.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "app/followed_set.h"
#include "base/error.h"
#include "config/config.h"

namespace prombraid::app {

using ConfigPtr = std::shared_ptr<const config::Config>;

/// Belongs to the first thread.
class SetTable {
 public:
  /// `on_change` is called when reads should use something else than before.
  SetTable(FollowedSet::Around around, std::function<void()> on_change)
      : around_(std::move(around)), on_change_(std::move(on_change)) {}

  /// The first configuration. Nothing is followed before `start`. Fails with bad_request.
  Result<void> begin(ConfigPtr config);
  void start();

  /// All or nothing. Sets that are as before go on as they are; the others are followed beside
  /// those that they replace until their replicas were looked at, so that no read meets a set that
  /// knows nobody. That takes at most `settle_limit`. Fails with bad_request, or with unavailable
  /// where `stop` came first.
  boost::asio::awaitable<Result<void>> replace(ConfigPtr next);

  void stop();

  const ConfigPtr& config() const { return config_; }
  std::span<const FollowedSetPtr> sets() const { return sets_; }

  static constexpr std::chrono::seconds settle_limit{10};

 private:
  Result<FollowedSetPtr> make(const config::Config& config, const config::SetConfig& set);
  FollowedSetPtr same_as(const config::Config& config, const config::SetConfig& set) const;
  void forget(const std::string& name) const;
  boost::asio::awaitable<void> settled(std::span<const FollowedSetPtr> fresh) const;

  const FollowedSet::Around around_;
  const std::function<void()> on_change_;
  ConfigPtr config_;
  std::vector<FollowedSetPtr> sets_;
  bool stopped_ = false;
};

}  // namespace prombraid::app
