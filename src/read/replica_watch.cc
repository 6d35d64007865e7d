#include "read/replica_watch.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/instant.h"
#include "log/log.h"
#include "read/identity.h"
#include "replica/look.h"

namespace prombraid::read {

namespace asio = boost::asio;

struct ReplicaWatch::Watched {
  Watched(asio::io_context& io, discovery::Endpoint e) : endpoint(std::move(e)), timer(io) {}

  discovery::Endpoint endpoint;
  asio::steady_timer timer;
  asio::cancellation_signal end;  ///< of a look that is under way
  std::shared_ptr<metrics::ReplicaCounters> counters;
  std::shared_ptr<Suspicion> suspicion = std::make_shared<Suspicion>();
  std::shared_ptr<Lessons> lessons = std::make_shared<Lessons>();
  std::optional<replica::ReplicaFacts> facts;
  IdentityWatch identity;
  bool settled = false;  ///< the last two looks met the same process
  std::string problem;
  bool looked = false;
  bool gone = false;
};

ReplicaWatch::ReplicaWatch(asio::io_context& io, metrics::Metrics& metrics, WatchOptions options,
                           Publish publish)
    : io_(io),
      metrics_(metrics),
      options_(std::move(options)),
      publish_(std::move(publish)),
      replica_labels_(options_.replica_labels) {}

ReplicaWatch::~ReplicaWatch() {
  stop();
}

void ReplicaWatch::stop() {
  for (auto& [key, watched] : watched_) {
    watched->gone = true;
    watched->end.emit(asio::cancellation_type::terminal);
  }
  watched_.clear();
}

void ReplicaWatch::follow(const discovery::EndpointSet& endpoints) {
  std::map<std::string, std::shared_ptr<Watched>> next;
  std::vector<std::string> keys;
  for (const discovery::Endpoint& endpoint : endpoints) {
    const std::string key = endpoint.key();
    keys.push_back(key);
    if (const auto known = watched_.find(key); known != watched_.end()) {
      next.insert(watched_.extract(known));
      continue;
    }
    auto watched = std::make_shared<Watched>(io_, endpoint);
    watched->counters = metrics_.replica(key);
    next.emplace(key, watched);
    asio::co_spawn(
        io_, look_at(watched),
        asio::bind_cancellation_slot(watched->end.slot(), [watched](const std::exception_ptr&) {}));
  }
  stop();
  watched_ = std::move(next);
  metrics_.keep_replicas(options_.set, std::move(keys));
  publish();
}

bool ReplicaWatch::looked_at_all() const {
  return std::all_of(watched_.begin(), watched_.end(),
                     [](const auto& entry) { return entry.second->looked; });
}

void ReplicaWatch::look_again() {
  for (auto& [key, watched] : watched_) {
    if (!watched->problem.empty()) watched->timer.cancel();
  }
}

asio::awaitable<void> ReplicaWatch::look_at(std::shared_ptr<Watched> watched) {
  while (!watched->gone) {
    auto facts = co_await look(watched->endpoint);
    // `gone` is also how this object's end reaches here: nothing of it may be touched after.
    if (watched->gone) co_return;
    if (facts.has_error()) {
      failed(*watched, facts.error().error.what);
    } else {
      learned(*watched, std::move(*facts));
    }
    const bool well = watched->problem.empty() && watched->settled;
    watched->timer.expires_after(well ? options_.look_every : options_.look_again);
    co_await watched->timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<replica::ReadResult<replica::ReplicaFacts>> ReplicaWatch::look(
    const discovery::Endpoint& endpoint) {
  const auto deadline = std::chrono::steady_clock::now() + options_.look_timeout;
  replica::Connections own(io_.get_executor(), options_.connect);
  auto facts = co_await replica::look(own, endpoint, deadline);
  own.close_idle();
  co_return facts;
}

void ReplicaWatch::identify(Watched& watched, const replica::ReplicaFacts& facts) {
  const bool before = watched.identity.several();
  const bool first = !watched.facts;
  const IdentityWatch::Seen seen = watched.identity.look(facts);
  watched.settled = !first && seen != IdentityWatch::Seen::other;
  if (seen == IdentityWatch::Seen::other) watched.lessons = std::make_shared<Lessons>();
  watched.counters->several.set(watched.identity.several() ? 1 : 0);
  if (before || !watched.identity.several()) return;
  log::warn(
      "several replicas answer at one address, as behind a load balancer: each read then gets one "
      "of them by chance, with its holes. Give each replica an address of its own, in Kubernetes "
      "by a headless service and --replicas=dns+NAME:PORT",
      {{"replica", watched.endpoint.key()}});
}

void ReplicaWatch::learned(Watched& watched, replica::ReplicaFacts facts) {
  const bool news = !watched.looked || !watched.problem.empty() || !watched.facts ||
                    !(watched.facts->external_labels == facts.external_labels) ||
                    watched.facts->version != facts.version ||
                    watched.facts->start_time != facts.start_time;
  identify(watched, facts);
  if (!watched.facts || watched.facts->start_time != facts.start_time) {
    log::info("replica found", {{"replica", watched.endpoint.key()},
                                {"version", facts.version},
                                {"external_labels", to_string(facts.external_labels)},
                                {"retention", facts.retention}});
    if (facts.reads_remotely) {
      log::warn("a replica has a remote_read of its own: make sure that it does not point here",
                {{"replica", watched.endpoint.key()}});
    }
  }
  watched.facts = std::move(facts);
  watched.problem.clear();
  watched.looked = true;
  watched.counters->up.set(1);
  if (news) publish();
}

void ReplicaWatch::failed(Watched& watched, std::string problem) {
  const bool news = !watched.looked || watched.problem != problem;
  if (news) {
    log::warn("replica did not say who it is",
              {{"replica", watched.endpoint.key()}, {"error", problem}});
  }
  watched.problem = std::move(problem);
  watched.looked = true;
  watched.counters->up.set(0);
  if (news) publish();
}

void ReplicaWatch::publish() {
  auto set = std::make_shared<ReplicaSet>();
  std::set<std::pair<std::string, std::string>> processes;
  for (const auto& [key, watched] : watched_) {
    if (!watched->looked) continue;
    const auto& facts = watched->facts;
    // One process under two addresses, as IPv4 and IPv6 give: start times have nanoseconds.
    if (facts && !facts->start_time.empty() &&
        !processes.emplace(facts->start_time, to_string(facts->external_labels)).second) {
      continue;
    }
    query::Member member{key, options_.external_labels, false};
    std::optional<std::int64_t> since;
    if (facts) {
      if (const auto begun = parse_instant(facts->start_time); begun && watched->problem.empty()) {
        since = *begun;
      }
      member.external_labels = facts->external_labels;
      member.asks_samples = facts->asks_samples;
    }
    set->members.push_back(std::move(member));
    set->replicas.push_back({watched->endpoint, watched->counters, watched->suspicion,
                             watched->lessons, facts ? facts->version : "", watched->problem,
                             watched->identity.several(), since});
  }
  replica_labels_.learn(set->members);
  set->replica_labels = replica_labels_;
  publish_(ranked(std::move(*set)));
}

}  // namespace prombraid::read
