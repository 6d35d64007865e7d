#include "discovery/discovery.h"

#include <algorithm>
#include <random>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "log/log.h"
#include "log/seldom.h"

namespace prombraid::discovery {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

class Discovery::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, DiscoveryOptions options, std::unique_ptr<Resolver> resolver,
       OnChange on_change)
      : io_(io),
        exclude_(std::move(options.exclude)),
        lookups_(std::move(options.addresses), options.refresh, Clock::now()),
        resolver_(std::move(resolver)),
        on_change_(std::move(on_change)),
        timer_(io),
        random_(std::random_device{}()) {}

  void start();
  void stop();
  void post_nudge(const Endpoint& endpoint);
  bool asked_all() const { return asked_all_; }
  std::shared_ptr<const EndpointSet> endpoints() const { return set_; }
  DiscoveryStatus status() const;

 private:
  using Key = Lookups::Key;

  void ask_what_is_due();
  void ask(const Key& key);
  void on_answer(const Key& key, const Answer& answer);
  void tell(const Key& key, const Answer& answer, std::size_t kept);
  void nudge(const Endpoint& endpoint);
  void publish();

  asio::io_context& io_;
  std::vector<std::string> exclude_;
  Lookups lookups_;
  std::unique_ptr<Resolver> resolver_;
  OnChange on_change_;
  asio::steady_timer timer_;
  std::minstd_rand random_;
  log::Seldom seldom_{std::chrono::seconds(30)};
  std::shared_ptr<const EndpointSet> set_ = std::make_shared<const EndpointSet>();
  DiscoveryStatus totals_;  ///< only what adds up over time
  bool asked_all_ = false;
  bool stopped_ = false;
};

void Discovery::Impl::start() {
  publish();
  ask_what_is_due();
}

void Discovery::Impl::stop() {
  stopped_ = true;
  timer_.cancel();
  resolver_->cancel();
}

/// Asks, and sets the timer for the next time there is something to ask.
void Discovery::Impl::ask_what_is_due() {
  if (stopped_) return;
  for (const Key& key : lookups_.take_due(Clock::now())) ask(key);
  const std::optional<TimePoint> next = lookups_.next_due();
  if (!next) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(*next);
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (self && !error) self->ask_what_is_due();
  });
}

void Discovery::Impl::ask(const Key& key) {
  ++totals_.lookups_total;
  resolver_->lookup(key.first, key.second, [weak = weak_from_this(), key](const Answer& answer) {
    if (const auto self = weak.lock()) self->on_answer(key, answer);
  });
}

void Discovery::Impl::on_answer(const Key& key, const Answer& answer) {
  if (answer.kind == Answer::Kind::failed) ++totals_.failures_total[answer.reason];
  totals_.left_out += answer.left_out;
  if (stopped_) return;
  const double jitter = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  const Lookups::Taken taken = lookups_.answered(key, answer, Clock::now(), jitter);
  if (!taken.wanted) return;
  if (taken.failed) tell(key, answer, taken.kept);
  publish();
  ask_what_is_due();
}

void Discovery::Impl::tell(const Key& key, const Answer& answer, std::size_t kept) {
  if (!seldom_.due(key.first + answer.text, Clock::now())) return;
  log::warn(
      kept > 0 ? "a lookup brought nothing; the addresses of before are kept"
               : "a lookup brought nothing, and there are no addresses",
      {{"name", key.first}, {"type", name_of(key.second)}, {"kept", kept}, {"error", answer.text}});
}

void Discovery::Impl::publish() {
  std::vector<Endpoint> all = lookups_.endpoints();
  if (all.size() == max_endpoints && seldom_.due("endpoints", Clock::now())) {
    log::warn("DNS gives more endpoints than are followed", {{"followed", all.size()}});
  }
  const auto is_excluded = [&](const Endpoint& endpoint) {
    return std::find(exclude_.begin(), exclude_.end(), endpoint.key()) != exclude_.end();
  };
  totals_.excluded = std::erase_if(all, is_excluded);
  auto set = std::make_shared<const EndpointSet>(std::move(all));
  const bool first_time = !asked_all_ && lookups_.asked_all();
  asked_all_ = asked_all_ || first_time;
  if (*set == *set_ && !first_time) return;
  if (*set != *set_) set_ = std::move(set);
  on_change_(set_);
}

void Discovery::Impl::post_nudge(const Endpoint& endpoint) {
  asio::post(io_, [weak = weak_from_this(), endpoint] {
    if (const auto self = weak.lock()) self->nudge(endpoint);
  });
}

void Discovery::Impl::nudge(const Endpoint& endpoint) {
  if (stopped_) return;
  lookups_.nudge(endpoint, Clock::now());
  publish();
  ask_what_is_due();
}

DiscoveryStatus Discovery::Impl::status() const {
  DiscoveryStatus status = totals_;
  status.endpoints = set_->size();
  status.lookups = lookups_.status(Clock::now());
  return status;
}

Discovery::Discovery(asio::io_context& io, DiscoveryOptions options,
                     std::unique_ptr<Resolver> resolver, OnChange on_change)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(resolver),
                                   std::move(on_change))) {}

Discovery::~Discovery() {
  impl_->stop();
}

void Discovery::start() {
  impl_->start();
}
void Discovery::nudge(const Endpoint& endpoint) {
  impl_->post_nudge(endpoint);
}
void Discovery::stop() {
  impl_->stop();
}
bool Discovery::asked_all() const {
  return impl_->asked_all();
}
std::shared_ptr<const EndpointSet> Discovery::endpoints() const {
  return impl_->endpoints();
}
DiscoveryStatus Discovery::status() const {
  return impl_->status();
}

}  // namespace prombraid::discovery
