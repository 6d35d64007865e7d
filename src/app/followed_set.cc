#include "app/followed_set.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "app/settings.h"
#include "log/log.h"

namespace prombraid::app {

Result<FollowedSetPtr> FollowedSet::make(Around around, const config::Config& config,
                                         const config::SetConfig& set, OnChange on_change) {
  auto options = discovery_options_of(config, set);
  if (options.has_error()) return std::move(options).error();
  auto cares = cares_options_of(config);
  if (cares.has_error()) return std::move(cares).error();
  options->exclude = around.own_keys;
  SetAccess access(set);
  if (auto fit = access.check(); fit.has_error()) return std::move(fit).error();
  FollowedSetPtr out(
      new FollowedSet(std::move(around), set, std::move(access), std::move(on_change)));
  out->discovery_ = std::make_unique<discovery::Discovery>(
      out->around_.io, *std::move(options),
      discovery::make_cares_resolver(out->around_.io, *std::move(cares)),
      [&watch = *out->watch_](const std::shared_ptr<const discovery::EndpointSet>& endpoints) {
        watch.follow(*endpoints);
      });
  if (auto begun = out->access_.start(out->around_.io); begun.has_error()) {
    return std::move(begun).error();
  }
  return out;
}

FollowedSet::FollowedSet(Around around, const config::SetConfig& set, SetAccess access,
                         OnChange on_change)
    : around_(std::move(around)),
      config_(set),
      settings_(std::make_shared<const read::SetSettings>(set_settings_of(set))),
      on_change_(std::move(on_change)),
      access_(std::move(access)),
      watch_(std::make_unique<read::ReplicaWatch>(
          around_.io, around_.metrics, watch_options_of(set, access_.connect_options()),
          [this](read::ReplicaSetPtr replicas) { take(std::move(replicas)); })) {}

void FollowedSet::stop() {
  watch_->stop();
  access_.stop();
  discovery_->stop();
}

void FollowedSet::take(read::ReplicaSetPtr replicas) {
  tell_missing(replicas_ ? replicas_->replicas.size() : 0, replicas->replicas.size());
  replicas_ = std::move(replicas);
  on_change_();
}

void FollowedSet::tell_missing(std::size_t before, std::size_t now) const {
  const std::size_t expected = config_.expected_replicas;
  if (now == before || now >= expected) return;
  log::warn(
      "fewer replicas than --replicas.expected; an address that should lead to several may be a "
      "load balancer's: use a headless service",
      {{"set", config_.name}, {"replicas", now}, {"expected", expected}});
}

bool FollowedSet::serves() const {
  return replicas_ && std::any_of(replicas_->replicas.begin(), replicas_->replicas.end(),
                                  [](const read::Replica& r) { return r.problem.empty(); });
}

std::function<void(const discovery::Endpoint&)> FollowedSet::nudge() {
  return [&io = around_.io, weak = weak_from_this()](const discovery::Endpoint& endpoint) {
    boost::asio::post(io, [weak, endpoint] {
      const FollowedSetPtr self = weak.lock();
      if (!self) return;
      self->discovery_->nudge(endpoint);
      self->watch_->look_again();
    });
  };
}

}  // namespace prombraid::app
