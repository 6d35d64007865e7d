#include "replica/token_source.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "access/access.h"
#include "access/field_text.h"
#include "access/secret_reader.h"
#include "access/token_url.h"
#include "log/log.h"
#include "replica/exchange.h"
#include "replica/http_request.h"
#include "replica/said.h"

namespace prombraid::replica {

namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;
using Given = Result<access::GivenToken>;

constexpr seconds fetch_time{10};
constexpr seconds longest_pause{30};
constexpr std::size_t max_answer_bytes = 64 << 10;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

access::Options only_tls(const tls::ClientOptions& tls) {
  access::Options options;
  options.tls = tls;
  return options;
}

void add_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  form += access::form_escaped(name) + '=' + access::form_escaped(value);
}

Error unavailable(std::string what) {
  return Error(ErrorKind::unavailable, std::move(what));
}

asio::awaitable<ReadResult<std::string>> whole_body(Exchange& exchange) {
  std::string body;
  for (;;) {
    auto piece = co_await exchange.body();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return body;
    if (piece->size() > max_answer_bytes - body.size()) {
      co_return failure_of(exchange.endpoint(), FailureReason::limit, "its answer is too long");
    }
    body += *piece;
  }
}

}  // namespace

class TokenSource::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, access::OAuth2 options, access::TokenUrl url,
       std::shared_ptr<access::Token> token)
      : io_(io),
        timer_(io),
        options_(std::move(options)),
        url_(std::move(url)),
        token_(std::move(token)),
        secret_(options_.client_secret),
        access_(std::make_shared<access::Access>(only_tls(options_.tls), nullptr)) {}

  static asio::awaitable<void> run(std::shared_ptr<Impl> self);
  asio::io_context& io() { return io_; }
  void stop();

 private:
  /// What one request came to: a token, a refusal that the other way to say the secret may cure, or
  /// a failure.
  struct Asked {
    Given given;
    bool refused = false;
  };

  asio::awaitable<Given> fetch();
  asio::awaitable<Result<std::vector<std::string>>> addresses();
  asio::awaitable<Asked> ask(std::string ip, const std::string& secret, bool in_form);
  Asked judge(unsigned status, const std::string& body, const std::string& secret) const;
  std::string form(const std::string& secret, bool in_form) const;
  std::string public_url() const;
  seconds took(const Given& given);

  asio::io_context& io_;
  asio::steady_timer timer_;
  const access::OAuth2 options_;
  const access::TokenUrl url_;
  std::shared_ptr<access::Token> token_;
  access::SecretReader secret_;
  std::shared_ptr<access::Access> access_;
  bool in_form_ = false;  ///< the way to say the secret that was taken last
  unsigned failures_ = 0;
  bool stopped_ = false;
};

asio::awaitable<void> TokenSource::Impl::run(std::shared_ptr<Impl> self) {
  while (!self->stopped_) {
    const Given given = co_await self->fetch();
    if (self->stopped_) co_return;
    self->timer_.expires_after(self->took(given));
    co_await self->timer_.async_wait(as_result);
  }
}

void TokenSource::Impl::stop() {
  stopped_ = true;
  timer_.cancel();
}

/// How long to wait for the next fetch.
seconds TokenSource::Impl::took(const Given& given) {
  if (!given.has_error()) {
    token_->set(*given, steady_clock::now());
    if (std::exchange(failures_, 0) > 0) log::info("oauth2 token fetched", {{"url", public_url()}});
    return access::renew_after(*given);
  }
  std::string problem = public_url() + ": " + given.error().what;
  log::warn("oauth2 token can't be fetched", {{"error", problem}});
  token_->fail(std::move(problem));
  return std::min(longest_pause, seconds(1LL << std::min(failures_++, 5U)));
}

asio::awaitable<Given> TokenSource::Impl::fetch() {
  const auto secret = secret_.now();
  if (secret.has_error()) co_return Error(secret.error()).in("client_secret_file");
  const auto ips = co_await addresses();
  if (ips.has_error()) co_return ips.error();
  Asked asked{unavailable("its name has no address")};
  for (const std::string& ip : *ips) {
    asked = co_await ask(ip, *secret, in_form_);
    if (asked.refused) {
      Asked other = co_await ask(ip, *secret, !in_form_);
      if (!other.given.has_error()) in_form_ = !in_form_;
      // Where both ways are refused, the first refusal is the one worth telling.
      if (!other.given.has_error()) asked = std::move(other);
    }
    if (asked.refused || !asked.given.has_error()) break;
  }
  co_return std::move(asked.given);
}

/// getaddrinfo on Asio's own thread: this name is asked for once an hour, and is no set of
/// replicas.
asio::awaitable<Result<std::vector<std::string>>> TokenSource::Impl::addresses() {
  error_code literal;
  const auto address = asio::ip::make_address(url_.host, literal);
  if (!literal) co_return std::vector<std::string>{address.to_string()};
  asio::ip::tcp::resolver resolver(io_);
  const auto [problem, found] =
      co_await resolver.async_resolve(url_.host, std::to_string(url_.port), as_result);
  if (problem) co_return unavailable("looking its name up: " + problem.message());
  std::vector<std::string> ips;
  for (const auto& entry : found) ips.push_back(entry.endpoint().address().to_string());
  co_return ips;
}

asio::awaitable<TokenSource::Impl::Asked> TokenSource::Impl::ask(std::string ip,
                                                                 const std::string& secret,
                                                                 bool in_form) {
  const Endpoint endpoint{url_.host, std::move(ip), url_.port, url_.path, url_.https};
  const Deadline deadline = steady_clock::now() + fetch_time;
  ConnectOptions connect;
  connect.connect_timeout = fetch_time;
  connect.access = access_;
  Connections own(io_.get_executor(), connect);
  const std::string login =
      access::form_escaped(options_.client_id) + ":" + access::form_escaped(secret);
  const std::string extra = in_form ? "" : "Authorization: Basic " + access::base64(login) + "\r\n";
  auto started = co_await Exchange::start(
      own, endpoint, form_request(endpoint, form(secret, in_form), extra), deadline);
  if (!started) co_return Asked{unavailable(started.error().cause)};
  auto body = co_await whole_body(**started);
  if (!body) co_return Asked{unavailable(body.error().cause)};
  const unsigned status = (*started)->head().status;
  own.close_idle();
  co_return judge(status, *body, secret);
}

TokenSource::Impl::Asked TokenSource::Impl::judge(unsigned status, const std::string& body,
                                                  const std::string& secret) const {
  if (status == 200) return {access::parse_token(body)};
  std::string what = "answered " + std::to_string(status);
  const std::string said = printable(access::parse_token_error(body), 256);
  // What quotes the secret is not repeated.
  const bool quotes = !secret.empty() && said.find(secret) != std::string::npos;
  if (!said.empty() && !quotes) what += ": \"" + said + '"';
  return {unavailable(std::move(what)), status == 400 || status == 401};
}

std::string TokenSource::Impl::form(const std::string& secret, bool in_form) const {
  std::string out;
  add_field(out, "grant_type", "client_credentials");
  std::string scope;
  for (const std::string& one : options_.scopes) scope += (scope.empty() ? "" : " ") + one;
  if (!scope.empty()) add_field(out, "scope", scope);
  if (in_form) {
    add_field(out, "client_id", options_.client_id);
    add_field(out, "client_secret", secret);
  }
  for (const auto& [name, value] : options_.endpoint_params) add_field(out, name, value);
  return out;
}

/// Without its query, which may hold a key.
std::string TokenSource::Impl::public_url() const {
  const bool v6 = url_.host.find(':') != std::string::npos;
  return std::string(url_.https ? "https://" : "http://") + (v6 ? "[" : "") + url_.host +
         (v6 ? "]" : "") + ":" + std::to_string(url_.port) +
         url_.path.substr(0, url_.path.find('?'));
}

TokenSource::TokenSource(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

TokenSource::~TokenSource() {
  stop();
}

Result<std::unique_ptr<TokenSource>> TokenSource::make(asio::io_context& io, access::OAuth2 options,
                                                       std::shared_ptr<access::Token> token) {
  auto url = access::parse_token_url(options.token_url);
  if (url.has_error()) return std::move(url).error().in("oauth2: token_url");
  auto impl = std::make_shared<Impl>(io, std::move(options), *std::move(url), std::move(token));
  return std::unique_ptr<TokenSource>(new TokenSource(std::move(impl)));
}

void TokenSource::start() {
  asio::co_spawn(impl_->io(), Impl::run(impl_), asio::detached);
}

void TokenSource::stop() {
  impl_->stop();
}

}  // namespace prombraid::replica
