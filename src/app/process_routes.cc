#include <iterator>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include "api/answer.h"
#include "app/discovery_metrics.h"
#include "app/page.h"
#include "app/process.h"
#include "app/replicas_document.h"
#include "app/status_routes.h"

namespace prombraid::app {

namespace asio = boost::asio;

asio::awaitable<void> Process::answer_reload(server::Responder& out) {
  if (!config_.web_enable_lifecycle) {
    co_await out.send(server::text(403, "Lifecycle API is not enabled."));
    co_return;
  }
  const auto done = co_await asio::co_spawn(workers_.front()->io(), reloader_.reload("/-/reload"),
                                            asio::use_awaitable);
  if (done.has_error()) {
    co_await out.send(server::text(500, "failed to reload config: " + done.error().what));
  } else {
    co_await out.send(server::text(200, "The configuration was loaded anew."));
  }
}

bool Process::ready() const {
  return can_serve_ && !draining_;
}

void Process::add_routes(Worker& worker) {
  using Request = server::Request;
  using Responder = server::Responder;
  server::Router& router = worker.router();
  router.add("GET", "/-/healthy", [](Request&, Responder& out) -> asio::awaitable<void> {
    co_await out.send(server::text(200, "Prombraid is Healthy."));
  });
  router.add("GET", "/-/ready", [this](Request&, Responder& out) -> asio::awaitable<void> {
    co_await out.send(ready() ? server::text(200, "Prombraid is Ready.")
                              : server::text(503, draining_ ? "Prombraid is shutting down."
                                                            : "No replica has answered yet."));
  });
  for (const char* method : {"POST", "PUT"}) {
    router.add(method, "/-/reload",
               [this](Request&, Responder& out) { return answer_reload(out); });
  }
  router.add("GET", "/metrics", [this](Request&, Responder& out) -> asio::awaitable<void> {
    co_await asio::co_spawn(workers_.front()->io(), collect_discovery(), asio::use_awaitable);
    server::Response response;
    response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = metrics_.render();
    co_await out.send(std::move(response));
  });
  add_pages(router);
  add_status_routes(router, {[this, &worker] { return worker.config() ? worker.config() : first_; },
                             [&worker] { return worker.sets(); },
                             [this] { return reloader_.state(); }, started_});
}

namespace {

server::Response page_response() {
  server::Response response;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Content-Security-Policy", std::string(page_policy())},
                      {"X-Content-Type-Options", "nosniff"},
                      {"X-Frame-Options", "DENY"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-cache"},
                      {"Vary", "Accept"}};
  response.body = page_html();
  return response;
}

}  // namespace

/// A browser gets the page, everybody else the same in plain text.
void Process::add_pages(server::Router& router) {
  using Request = server::Request;
  using Responder = server::Responder;
  router.add("GET", "/", [this](Request& request, Responder& out) -> asio::awaitable<void> {
    if (request.header("Accept").value_or("").find("text/html") != std::string_view::npos) {
      co_await out.send(page_response());
      co_return;
    }
    std::string page =
        co_await asio::co_spawn(workers_.front()->io(), status_page(), asio::use_awaitable);
    server::Response response = server::text(200, page);
    response.headers.emplace_back("Vary", "Accept");
    co_await out.send(std::move(response));
  });
  router.add(
      "GET", "/api/v1/status/replicas", [this](Request&, Responder& out) -> asio::awaitable<void> {
        const std::string data =
            co_await asio::co_spawn(workers_.front()->io(), replicas_json(), asio::use_awaitable);
        co_await out.send(api::success(data));
      });
}

asio::awaitable<std::string> Process::replicas_json() {
  co_return boost::json::serialize(replicas_document(statuses()));
}

asio::awaitable<void> Process::collect_discovery() {
  figures_.take(sets_->sets());
  certificates_.take(guard_ ? guard_->certificate() : std::nullopt, sets_->sets());
  discovery::DiscoveryStatus all;
  for (const FollowedSetPtr& set : sets_->sets()) {
    auto lookups = set->status().lookups;
    std::move(lookups.begin(), lookups.end(), std::back_inserter(all.lookups));
  }
  count_discovery(all, metrics_);
  co_return;
}

std::vector<SetStatus> Process::statuses() const {
  std::vector<SetStatus> out;
  for (const FollowedSetPtr& set : sets_->sets()) {
    out.push_back(
        {set->config().name, set->replicas(), set->config().expected_replicas, set->status()});
  }
  return out;
}

asio::awaitable<std::string> Process::status_page() {
  co_return app::status_page(statuses());
}

}  // namespace prombraid::app
