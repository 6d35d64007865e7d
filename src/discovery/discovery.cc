#include "discovery/discovery.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "log/log.h"
#include "log/seldom.h"

namespace prombraid::discovery {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using Kind = Address::Kind;

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

bool by_srv(Kind kind) {
  return kind == Kind::srv || kind == Kind::srv_no_a;
}

bool by_tls(const Address& address) {
  return address.scheme == Address::Scheme::https;
}

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& failures) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : failures) sum += count;
  return sum;
}

}  // namespace

class Discovery::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, DiscoveryOptions options, std::unique_ptr<Resolver> resolver,
       OnChange on_change)
      : io_(io),
        options_(std::move(options)),
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
  using Key = std::pair<std::string, RecordType>;
  using NameAndPort = std::pair<std::string, std::uint16_t>;

  /// One thing that DNS is asked for.
  struct Question {
    explicit Question(const RefreshOptions& options) : policy(options, Clock::now()) {}
    RefreshPolicy policy;
    std::vector<Record> records;
    bool answered = false;  ///< at least once, even by a failure
  };

  /// A name that stands for one replica, and the address of it in use.
  struct Choice {
    std::string ip;
    std::optional<TimePoint> moved;
  };

  void ask_what_is_due();
  void ask(const Key& key, Question& question);
  void on_answer(const Key& key, const Answer& answer);
  void tell(const Key& key, const Answer& answer, std::size_t kept);
  void nudge(const Endpoint& endpoint);
  bool leads_to(const Key& key, const Question& question, const Endpoint& endpoint) const;
  void move_on_from(const Endpoint& endpoint);

  void keep_only_wanted_questions();
  bool nothing_is_open() const;
  void publish();
  std::vector<Endpoint> resolve(const Address& address);
  void resolve_name(const Address& address, const NameAndPort& name, std::vector<Endpoint>& out);
  std::vector<std::string> addresses_of(const std::string& name) const;
  std::string chosen(const NameAndPort& name);

  asio::io_context& io_;
  DiscoveryOptions options_;
  std::unique_ptr<Resolver> resolver_;
  OnChange on_change_;
  asio::steady_timer timer_;
  std::minstd_rand random_;
  log::Seldom seldom_{std::chrono::seconds(30)};
  std::map<Key, Question> questions_;
  std::map<NameAndPort, Choice> choices_;
  std::shared_ptr<const EndpointSet> set_ = std::make_shared<const EndpointSet>();
  DiscoveryStatus totals_;  ///< only what adds up over time
  bool asked_all_ = false;
  bool stopped_ = false;
};

void Discovery::Impl::start() {
  keep_only_wanted_questions();
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
  const TimePoint now = Clock::now();
  std::optional<TimePoint> next;
  for (auto& [key, question] : questions_) {
    const std::optional<TimePoint> due = question.policy.due();
    if (due && *due <= now) {
      ask(key, question);
    } else if (due) {
      next = next ? std::min(*next, *due) : *due;
    }
  }
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

void Discovery::Impl::ask(const Key& key, Question& question) {
  ++totals_.lookups_total;
  question.policy.asked(Clock::now());
  resolver_->lookup(key.first, key.second, [weak = weak_from_this(), key](const Answer& answer) {
    if (const auto self = weak.lock()) self->on_answer(key, answer);
  });
}

void Discovery::Impl::on_answer(const Key& key, const Answer& answer) {
  if (answer.kind == Answer::Kind::failed) ++totals_.failures_total[answer.reason];
  totals_.left_out += answer.left_out;
  const auto found = questions_.find(key);
  if (stopped_ || found == questions_.end()) return;  // an SRV target that is gone by now
  Question& question = found->second;
  question.answered = true;
  const double jitter = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
  const std::uint64_t failures = count_of(question.policy.failures());
  switch (question.policy.answered(answer, Clock::now(), jitter)) {
    case Verdict::replace:
      question.records = answer.records;
      break;
    case Verdict::clear:
      question.records.clear();
      break;
    case Verdict::keep:
      break;
  }
  if (count_of(question.policy.failures()) != failures) tell(key, answer, question.records.size());
  if (key.second == RecordType::srv) keep_only_wanted_questions();
  publish();
  ask_what_is_due();
}

void Discovery::Impl::tell(const Key& key, const Answer& answer, std::size_t kept) {
  if (!seldom_.due(key.first + answer.text, Clock::now())) return;
  log::warn(
      "a lookup brought nothing; the addresses of before are kept",
      {{"name", key.first}, {"type", name_of(key.second)}, {"kept", kept}, {"error", answer.text}});
}

void Discovery::Impl::keep_only_wanted_questions() {
  std::set<Key> wanted;
  const auto want_addresses_of = [&](const std::string& name) {
    wanted.emplace(name, RecordType::a);
    wanted.emplace(name, RecordType::aaaa);
  };
  for (const Address& address : options_.addresses) {
    if (address.kind == Kind::host || address.kind == Kind::dns) want_addresses_of(address.host);
    if (!by_srv(address.kind)) continue;
    const Key srv(address.host, RecordType::srv);
    wanted.insert(srv);
    const auto found = questions_.find(srv);
    if (found == questions_.end()) continue;
    for (const Record& record : found->second.records) want_addresses_of(record.target);
  }
  std::erase_if(questions_, [&](const auto& entry) { return !wanted.contains(entry.first); });
  std::erase_if(choices_, [&](const auto& entry) {
    return !wanted.contains(Key(entry.first.first, RecordType::a));
  });
  for (const Key& key : wanted) questions_.try_emplace(key, options_.refresh);
}

void Discovery::Impl::publish() {
  std::vector<Endpoint> all;
  for (const Address& address : options_.addresses) {
    std::vector<Endpoint> some = resolve(address);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  const auto is_excluded = [&](const Endpoint& endpoint) {
    return std::find(options_.exclude.begin(), options_.exclude.end(), endpoint.key()) !=
           options_.exclude.end();
  };
  totals_.excluded = std::erase_if(all, is_excluded);
  auto set = std::make_shared<const EndpointSet>(std::move(all));
  const bool first_time = !asked_all_ && nothing_is_open();
  asked_all_ = asked_all_ || first_time;
  if (*set == *set_ && !first_time) return;
  if (*set != *set_) set_ = std::move(set);
  on_change_(set_);
}

/// A name that has an address in one family is not waited for in the other.
bool Discovery::Impl::nothing_is_open() const {
  return std::all_of(questions_.begin(), questions_.end(), [this](const auto& entry) {
    const auto& [key, question] = entry;
    if (question.answered) return true;
    return key.second != RecordType::srv && !addresses_of(key.first).empty();
  });
}

std::vector<Endpoint> Discovery::Impl::resolve(const Address& address) {
  std::vector<Endpoint> out;
  if (address.kind == Kind::ip) {
    out.push_back({address.host, address.host, address.port, address.path, by_tls(address)});
  } else if (!by_srv(address.kind)) {
    resolve_name(address, {address.host, address.port}, out);
  } else if (const auto srv = questions_.find({address.host, RecordType::srv});
             srv != questions_.end()) {
    for (const Record& record : srv->second.records) {
      resolve_name(address, {record.target, record.port}, out);
    }
  }
  return out;
}

void Discovery::Impl::resolve_name(const Address& address, const NameAndPort& name,
                                   std::vector<Endpoint>& out) {
  const bool every = address.kind == Kind::dns || address.kind == Kind::srv;
  std::vector<std::string> ips =
      every ? addresses_of(name.first) : std::vector<std::string>{chosen(name)};
  for (std::string& ip : ips) {
    if (ip.empty()) continue;
    out.push_back(
        {without_dot(name.first), std::move(ip), name.second, address.path, by_tls(address)});
  }
}

/// IPv4 first, each family in order.
std::vector<std::string> Discovery::Impl::addresses_of(const std::string& name) const {
  std::vector<std::string> ips;
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const auto found = questions_.find({name, type});
    if (found == questions_.end()) continue;
    for (const Record& record : found->second.records) ips.push_back(record.target);
  }
  return ips;
}

/// The address that stands for a name of one replica: the one in use while DNS still has it, else
/// the first. Empty where there is none, and until something was said about IPv4, lest the order
/// in which two answers arrive decides.
std::string Discovery::Impl::chosen(const NameAndPort& name) {
  const auto v4 = questions_.find({name.first, RecordType::a});
  if (v4 == questions_.end() || !v4->second.answered) return {};
  const std::vector<std::string> ips = addresses_of(name.first);
  if (ips.empty()) return {};
  std::string& ip = choices_[name].ip;
  if (std::find(ips.begin(), ips.end(), ip) == ips.end()) ip = ips.front();
  return ip;
}

void Discovery::Impl::post_nudge(const Endpoint& endpoint) {
  asio::post(io_, [weak = weak_from_this(), endpoint] {
    if (const auto self = weak.lock()) self->nudge(endpoint);
  });
}

void Discovery::Impl::nudge(const Endpoint& endpoint) {
  if (stopped_) return;
  const TimePoint now = Clock::now();
  for (auto& [key, question] : questions_) {
    if (leads_to(key, question, endpoint)) question.policy.nudge(now);
  }
  move_on_from(endpoint);
  publish();
  ask_what_is_due();
}

bool Discovery::Impl::leads_to(const Key& key, const Question& question,
                               const Endpoint& endpoint) const {
  return std::any_of(question.records.begin(), question.records.end(), [&](const Record& record) {
    if (key.second != RecordType::srv) return record.target == endpoint.ip;
    return record.port == endpoint.port && without_dot(record.target) == endpoint.host;
  });
}

/// At most once in `minimum`: a replica that is down for good would otherwise change its address,
/// and with it its name in every log and metric, with each read.
void Discovery::Impl::move_on_from(const Endpoint& endpoint) {
  const TimePoint now = Clock::now();
  for (auto& [name, choice] : choices_) {
    if (choice.ip != endpoint.ip || name.second != endpoint.port) continue;
    if (choice.moved && now - *choice.moved < options_.refresh.minimum) continue;
    const std::vector<std::string> ips = addresses_of(name.first);
    const auto at = std::find(ips.begin(), ips.end(), choice.ip);
    if (at == ips.end()) continue;
    choice.ip = std::next(at) == ips.end() ? ips.front() : *std::next(at);
    choice.moved = now;
  }
}

DiscoveryStatus Discovery::Impl::status() const {
  const TimePoint now = Clock::now();
  const auto millis = [](auto span) { return std::chrono::duration_cast<Millis>(span); };
  DiscoveryStatus status = totals_;
  status.endpoints = set_->size();
  for (const auto& [key, question] : questions_) {
    const RefreshPolicy& policy = question.policy;
    LookupStatus line;
    line.name = key.first;
    line.type = key.second;
    line.lookups = policy.lookups();
    line.failures = policy.failures();
    if (policy.last_success()) line.since_success = millis(now - *policy.last_success());
    if (policy.due()) line.until_next = std::max(millis(*policy.due() - now), Millis(0));
    line.size = policy.size();
    line.stale = policy.stale();
    line.last_answer = policy.last_text();
    status.lookups.push_back(std::move(line));
  }
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
