#include "discovery/cares_resolver.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>

#include "discovery/ares_channel.h"
#include "discovery/endpoint.h"
#include "discovery/hosts_file.h"

namespace prombraid::discovery {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

constexpr std::size_t most_at_once = 64;  // a burst of more datagrams is a burst that gets lost
constexpr int failures_to_reopen = 3;
constexpr std::chrono::seconds hosts_age{5};
constexpr std::size_t longest_hosts_file = std::size_t{1} << 20;

/// RFC 6761 section 6.3.
bool is_localhost(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name == "localhost" || name.ends_with(".localhost");
}

Answer loopback(RecordType type) {
  Answer answer;
  answer.kind = Answer::Kind::records;
  answer.records = {{type == RecordType::a ? "127.0.0.1" : "::1", 0}};
  answer.ttl = 60;
  answer.text = "localhost is this machine";
  return answer;
}

class CaresResolver final : public Resolver {
 public:
  CaresResolver(asio::io_context& io, CaresOptions options)
      : io_(io), options_(std::move(options)) {}

  void lookup(const std::string& name, RecordType type, Done done) override;
  void cancel() override;

 private:
  struct Lookup {
    std::string name;
    RecordType type;
    Done done;
  };

  std::optional<Answer> known_here(const std::string& name, RecordType type);
  void begin(Lookup lookup);
  void end(const Done& done, Answer answer);
  void post(Done done, Answer answer);
  const std::string& hosts();
  bool reopen_if_needed(std::string& why_not);

  asio::io_context& io_;
  CaresOptions options_;
  std::shared_ptr<AresChannel> channel_;
  int failures_ = 0;  ///< of DNS itself, in a row
  std::size_t under_way_ = 0;
  std::deque<Lookup> waiting_;
  std::string hosts_;
  std::optional<Clock::time_point> hosts_read_;
  /// What is posted comes only while this very object lives: cancel() takes a new one.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void CaresResolver::lookup(const std::string& name, RecordType type, Done done) {
  if (std::optional<Answer> answer = known_here(name, type)) {
    ++under_way_;
    post(std::move(done), std::move(*answer));
    return;
  }
  Lookup lookup{name, type, std::move(done)};
  if (under_way_ >= most_at_once) {
    waiting_.push_back(std::move(lookup));
  } else {
    begin(std::move(lookup));
  }
}

void CaresResolver::cancel() {
  alive_ = std::make_shared<bool>(true);
  waiting_.clear();
  under_way_ = 0;
  channel_.reset();
}

std::optional<Answer> CaresResolver::known_here(const std::string& name, RecordType type) {
  if (type == RecordType::srv) return std::nullopt;
  Answer answer = read_hosts(hosts(), name, type);
  if (answer.kind != Answer::Kind::no_such_name) return answer;
  if (is_localhost(name)) return loopback(type);
  return std::nullopt;
}

void CaresResolver::begin(Lookup lookup) {
  ++under_way_;
  std::string why_not;
  if (!reopen_if_needed(why_not)) {
    post(std::move(lookup.done), Answer::failure("internal", std::move(why_not)));
    return;
  }
  channel_->search(
      lookup.name, lookup.type,
      [this, alive = std::weak_ptr(alive_), done = std::move(lookup.done)](Answer answer) mutable {
        if (alive.lock()) post(std::move(done), std::move(answer));
      });
}

/// c-ares may be calling: only what is posted may touch the channel again.
void CaresResolver::post(Done done, Answer answer) {
  asio::post(io_, [this, alive = std::weak_ptr(alive_), done = std::move(done),
                   answer = std::move(answer)]() mutable {
    if (alive.lock()) end(done, std::move(answer));
  });
}

void CaresResolver::end(const Done& done, Answer answer) {
  --under_way_;
  const bool dns_failed = answer.kind == Answer::Kind::failed &&
                          (answer.reason == "timeout" || answer.reason == "server");
  failures_ = dns_failed ? failures_ + 1 : 0;
  if (!waiting_.empty() && under_way_ < most_at_once) {
    Lookup next = std::move(waiting_.front());
    waiting_.pop_front();
    begin(std::move(next));
  }
  done(std::move(answer));  // last: it may destroy this
}

bool CaresResolver::reopen_if_needed(std::string& why_not) {
  if (failures_ >= failures_to_reopen) {
    failures_ = 0;
    channel_.reset();
  }
  if (channel_) return true;
  auto opened = AresChannel::open(io_, options_);
  if (opened.has_error()) {
    why_not = opened.error().what;
    return false;
  }
  channel_ = std::move(*opened);
  return true;
}

const std::string& CaresResolver::hosts() {
  const Clock::time_point now = Clock::now();
  if (options_.hosts.empty() || (hosts_read_ && now - *hosts_read_ < hosts_age)) return hosts_;
  hosts_read_ = now;
  std::string text(longest_hosts_file, '\0');
  std::ifstream file(options_.hosts, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  hosts_.assign(text);
  return hosts_;
}

}  // namespace

Result<void> check_dns_server(const std::string& server) {
  const auto wrong = [&] {
    return Error(ErrorKind::bad_request,
                 "DNS server \"" + server +
                     "\": write an IP address and, if it is not 53, its port: 10.0.0.53:5353 or "
                     "[::1]:5353");
  };
  std::string_view ip = server;
  std::string_view port = "53";
  if (!canonical_ip(ip)) {
    const std::size_t colon = server.rfind(':');
    const bool bare = server.ends_with(']') || colon == std::string::npos;
    ip = ip.substr(0, bare ? server.size() : colon);
    if (!bare) port = std::string_view(server).substr(colon + 1);
    const bool bracketed = ip.starts_with('[') && ip.ends_with(']');
    if (bracketed) ip = ip.substr(1, ip.size() - 2);
    if (bracketed != (ip.find(':') != ip.npos)) return wrong();
  }
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool whole = error == std::errc() && end == port.data() + port.size();
  if (!canonical_ip(ip) || !whole || number == 0) return wrong();
  return {};
}

std::unique_ptr<Resolver> make_cares_resolver(asio::io_context& io, CaresOptions options) {
  return std::make_unique<CaresResolver>(io, std::move(options));
}

}  // namespace prombraid::discovery
