#include "guard/web_guard.h"

#include <utility>

#include "log/log.h"
#include "tls/contexts.h"

namespace prombraid::guard {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds look_every{1};

std::unique_ptr<tls::RenewedContext> context_of(const tls::ServerOptions& options) {
  return std::make_unique<tls::RenewedContext>(
      tls::files_of(options), [options] { return tls::server_context(options); },
      [](const Result<void>& renewed) {
        if (renewed.has_error()) {
          log::warn(
              "the TLS files of the web server have changed and don't fit; the ones before "
              "are used",
              {{"error", renewed.error().what}});
        } else {
          log::info("the TLS files of the web server have changed and are used from now on");
        }
      });
}

server::Response unauthorized() {
  server::Response response = server::text(401, "Unauthorized");
  response.headers.emplace_back("WWW-Authenticate", "Basic");
  return response;
}

server::Response later(unsigned status, std::string_view line) {
  server::Response response = server::text(status, line);
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace

Result<std::unique_ptr<WebGuard>> WebGuard::open(const std::string& file) {
  const tls::FileStamp stamp = tls::stamp_of(file);
  auto config = config::read_web_config(file);
  if (config.has_error()) return std::move(config).error();
  std::unique_ptr<WebGuard> guard(new WebGuard(file, *std::move(config)));
  guard->stamp_ = stamp;
  if (guard->secures_) {
    auto context = guard->context_->now();
    if (context.has_error()) return std::move(context).error().in(file + ": tls_server_config");
  }
  return guard;
}

Result<void> WebGuard::check(const std::string& file) {
  auto guard = open(file);
  if (guard.has_error()) return std::move(guard).error();
  return {};
}

WebGuard::WebGuard(std::string file, config::WebConfig config)
    : file_(std::move(file)), secures_(config.tls.has_value()) {
  if (secures_) context_ = context_of(*config.tls);
  rules_ = rules_of(std::move(config));
}

WebGuard::RulesPtr WebGuard::rules_of(config::WebConfig config) {
  auto rules = std::make_shared<Rules>();
  if (!config.headers.empty()) {
    auto headers = std::make_shared<std::vector<server::Header>>();
    for (const auto& [name, value] : config.headers) headers->emplace_back(name, value);
    rules->headers = std::move(headers);
  }
  if (config.rate_limit) {
    rules->bucket.emplace(config.rate_limit->interval, config.rate_limit->burst);
  }
  rules->config = std::move(config);
  return rules;
}

Result<tls::Ssl> WebGuard::ssl() {
  Result<tls::Context> context = Error();
  {
    const std::lock_guard lock(mutex_);
    reread();
    context = context_->now();
  }
  if (context.has_error()) return std::move(context).error().in(file_ + ": tls_server_config");
  return tls::server_ssl(*context);
}

WebGuard::RulesPtr WebGuard::rules() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

WebGuard::RulesPtr WebGuard::fresh_rules() {
  const auto now = steady_clock::now().time_since_epoch();
  const bool due = now.count() >= next_look_.load(std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (due) {
    next_look_ = (now + look_every).count();
    reread();
  }
  return rules_;
}

/// Under the lock.
void WebGuard::reread() {
  const tls::FileStamp stamp = tls::stamp_of(file_);
  if (stamp == stamp_) return;
  stamp_ = stamp;
  auto config = config::read_web_config(file_);
  if (!config.has_error() && config->tls.has_value() != secures_) {
    config = Error(ErrorKind::bad_request,
                   file_ + ": TLS can't be switched on or off without a restart");
  }
  std::unique_ptr<tls::RenewedContext> context;
  if (!config.has_error() && secures_ && config->tls != rules_->config.tls) {
    context = context_of(*config->tls);
    if (auto made = context->now(); made.has_error()) {
      config = std::move(made).error().in(file_ + ": tls_server_config");
    }
  }
  if (config.has_error()) {
    log::warn("the web configuration has changed and is no good; the one before holds",
              {{"error", config.error().what}});
    return;
  }
  if (context) context_ = std::move(context);
  rules_ = rules_of(*std::move(config));
  log::info("the web configuration has changed and holds from now on", {{"file", file_}});
}

server::Guard::Headers WebGuard::headers() const {
  return rules()->headers;
}

std::optional<tls::Pem> WebGuard::certificate() const {
  const RulesPtr now = rules();
  if (!now->config.tls) return std::nullopt;
  return now->config.tls->certificate;
}

asio::awaitable<std::optional<server::Response>> WebGuard::admit(const server::Request& request) {
  RulesPtr rules = fresh_rules();
  if (auto refused = limit(*rules)) co_return refused;
  if (rules->config.basic_auth_users.empty()) co_return std::nullopt;
  co_return co_await authenticate(std::move(rules), request);
}

std::optional<server::Response> WebGuard::limit(Rules& rules) const {
  if (!rules.bucket) return std::nullopt;
  const std::lock_guard lock(rules.mutex);
  if (rules.bucket->take(steady_clock::now())) return std::nullopt;
  return later(429, "Too Many Requests");
}

asio::awaitable<std::optional<server::Response>> WebGuard::authenticate(
    RulesPtr rules, const server::Request& request) {
  const auto given = request.header("Authorization");
  std::string name;
  std::string password;
  if (!given || !parse_basic(*given, name, password)) co_return unauthorized();
  switch (co_await logins_.check(rules->config.basic_auth_users, std::move(name),
                                 std::move(password))) {
    case Verdict::right:
      co_return std::nullopt;
    case Verdict::wrong:
      co_return unauthorized();
    case Verdict::busy:
      co_return later(503, "too many logins are being checked");
  }
  co_return unauthorized();
}

}  // namespace prombraid::guard
