#include "app/span_exporter.h"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <unistd.h>

#include "app/settings.h"
#include "config/version.h"
#include "log/log.h"
#include "replica/exchange.h"
#include "replica/http_request.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds pause{1};
constexpr std::chrono::seconds last_try{1};

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

trace::Resource own_resource() {
  return {"prombraid", std::string(config::version().number),
          host_name() + ":" + std::to_string(::getpid())};
}

replica::ConnectOptions connect_options(const config::Config& config) {
  replica::ConnectOptions out;
  out.connect_timeout = std::min(out.connect_timeout, config.tracing_timeout);
  out.access = std::make_shared<access::Access>(config.tracing_access, nullptr);
  return out;
}

discovery::DiscoveryOptions discovery_options(const config::Config& config,
                                              discovery::Address collector) {
  discovery::DiscoveryOptions out;
  out.addresses.push_back(std::move(collector));
  out.refresh.interval = config.dns_refresh_interval;
  return out;
}

}  // namespace

SpanExporter::SpanExporter(asio::io_context& io, SpanQueue& queue, const config::Config& config,
                           discovery::Address collector)
    : io_(io),
      queue_(queue),
      name_(config.tracing_endpoint),
      timeout_(config.tracing_timeout),
      resource_(own_resource()),
      connections_(io.get_executor(), connect_options(config)),
      discovery_(io, discovery_options(config, std::move(collector)),
                 discovery::make_cares_resolver(io, cares_options_of(config).value()),
                 [](const auto&) {}),
      timer_(io),
      limit_(io) {}

void SpanExporter::start() {
  discovery_.start();
  asio::co_spawn(io_, run(),
                 asio::bind_cancellation_slot(end_.slot(), [this](const std::exception_ptr&) {
                   limit_.cancel();
                   discovery_.stop();
                   connections_.close_idle();
                 }));
}

void SpanExporter::stop() {
  stopped_ = true;
  timer_.cancel();
  limit_.expires_after(last_try);
  limit_.async_wait([this](const boost::system::error_code& error) {
    if (!error) end_.emit(asio::cancellation_type::terminal);
  });
}

asio::awaitable<void> SpanExporter::run() {
  while (!stopped_) {
    timer_.expires_after(pause);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_await send_waiting();
  }
}

asio::awaitable<void> SpanExporter::send_waiting() {
  for (;;) {
    const std::vector<trace::Span> spans = queue_.take();
    if (spans.empty()) co_return;
    const auto sent = co_await send(trace::otlp_json(spans, resource_));
    if (!sent.has_error()) {
      queue_.note_exported(spans.size());
      continue;
    }
    queue_.note_lost(spans.size());
    if (seldom_.due("export", std::chrono::steady_clock::now())) {
      log::warn("spans could not be sent",
                {{"collector", name_}, {"spans", spans.size()}, {"error", sent.error().what}});
    }
    co_return;
  }
}

asio::awaitable<Result<void>> SpanExporter::send(std::string body) {
  const auto endpoints = discovery_.endpoints();
  if (endpoints->empty()) co_return Error(ErrorKind::unavailable, "no address of it is known yet");
  co_return co_await send_to(*endpoints->begin(), std::move(body));
}

asio::awaitable<Result<void>> SpanExporter::send_to(discovery::Endpoint endpoint,
                                                    std::string body) {
  const auto deadline = std::chrono::steady_clock::now() + timeout_;
  std::string fields = "User-Agent: Prombraid/" + resource_.version +
                       "\r\nContent-Type: application/json\r\nAccept: application/json\r\n";
  if (connections_.has_credentials()) {
    auto lines = co_await connections_.header_lines(endpoint, deadline);
    if (!lines) co_return lines.error().error;
    fields += *lines;
  }
  std::string request =
      replica::forwarded_head(endpoint, "POST", endpoint.path, fields, body.size()) + body;
  auto started =
      co_await replica::Exchange::start(connections_, endpoint, std::move(request), deadline);
  if (!started) {
    discovery_.nudge(endpoint);
    co_return started.error().error;
  }
  replica::Exchange& exchange = **started;
  const unsigned status = exchange.head().status;
  const std::string said = co_await exchange.explanation();
  if (status / 100 == 2) co_return Result<void>();
  co_return replica::status_failure(endpoint, status, said).error;
}

}  // namespace prombraid::app
