#include "app/set_table.h"

#include <algorithm>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::app {

namespace asio = boost::asio;

Result<FollowedSetPtr> SetTable::make(const config::Config& config, const config::SetConfig& set) {
  return FollowedSet::make(around_, config, set, on_change_);
}

Result<void> SetTable::begin(ConfigPtr config) {
  for (const config::SetConfig& set : config->sets) {
    auto made = make(*config, set);
    if (made.has_error()) return std::move(made).error();
    sets_.push_back(*std::move(made));
  }
  config_ = std::move(config);
  return {};
}

void SetTable::start() {
  for (const FollowedSetPtr& set : sets_) set->start();
}

void SetTable::stop() {
  stopped_ = true;
  for (const FollowedSetPtr& set : sets_) set->stop();
}

/// What is looked up, and by whom, must be the same too.
FollowedSetPtr SetTable::same_as(const config::Config& config, const config::SetConfig& set) const {
  if (config.dns_servers != config_->dns_servers ||
      config.dns_refresh_interval != config_->dns_refresh_interval) {
    return nullptr;
  }
  const auto at = std::find_if(sets_.begin(), sets_.end(),
                               [&](const FollowedSetPtr& known) { return known->config() == set; });
  return at == sets_.end() ? nullptr : *at;
}

asio::awaitable<Result<void>> SetTable::replace(ConfigPtr next) {
  std::vector<FollowedSetPtr> sets;
  std::vector<FollowedSetPtr> fresh;
  for (const config::SetConfig& set : next->sets) {
    if (FollowedSetPtr known = same_as(*next, set)) {
      sets.push_back(std::move(known));
      continue;
    }
    auto made = make(*next, set);
    if (made.has_error()) {
      for (const FollowedSetPtr& begun : fresh) begun->stop();
      co_return std::move(made).error();
    }
    fresh.push_back(*made);
    sets.push_back(*std::move(made));
  }
  for (const FollowedSetPtr& set : fresh) set->start();
  co_await settled(fresh);
  if (stopped_) {
    for (const FollowedSetPtr& set : fresh) set->stop();
    co_return Error(ErrorKind::unavailable, "the process ends");
  }
  config_ = std::move(next);
  std::swap(sets_, sets);
  on_change_();
  for (const FollowedSetPtr& old : sets) {
    if (std::find(sets_.begin(), sets_.end(), old) != sets_.end()) continue;
    old->stop();
    forget(old->config().name);
  }
  co_return Result<void>();
}

/// The metrics of the replicas of a set that is no more. One of the same name has told its own.
void SetTable::forget(const std::string& name) const {
  const bool known = std::any_of(sets_.begin(), sets_.end(), [&](const FollowedSetPtr& set) {
    return set->config().name == name;
  });
  if (!known) around_.metrics.keep_replicas(name, {});
}

asio::awaitable<void> SetTable::settled(std::span<const FollowedSetPtr> fresh) const {
  asio::steady_timer timer(around_.io);
  const auto until = std::chrono::steady_clock::now() + settle_limit;
  const auto is_settled = [](const FollowedSetPtr& set) { return set->settled(); };
  while (!stopped_ && !std::all_of(fresh.begin(), fresh.end(), is_settled) &&
         std::chrono::steady_clock::now() < until) {
    timer.expires_after(std::chrono::milliseconds(10));
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace prombraid::app
