#include "app/status_routes.h"

#include "api/answer.h"
#include "app/status_documents.h"
#include "config/version.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

/// A route that answers what `say` gives.
template <class F>
server::Route answering(F say) {
  return [say](server::Request&, server::Responder& out) -> asio::awaitable<void> {
    (void)co_await out.send(say());
  };
}

}  // namespace

void add_status_routes(server::Router& router, const config::Config& config,
                       std::chrono::system_clock::time_point started,
                       std::function<read::SetsPtr()> sets) {
  const auto build = [sets] { return api::success_with(buildinfo(sets().get())); };
  router.add("GET", "/api/v1/status/buildinfo", answering(build));
  router.add("GET", "/api/v1/status/config",
             answering([&config] { return api::success_with(config_in_use(config)); }));
  router.add("GET", "/api/v1/status/flags",
             answering([&config] { return api::success_with(flags_in_use(config)); }));
  router.add("GET", "/api/v1/status/runtimeinfo", answering([&config, started] {
               return api::success_with(runtimeinfo(config, started));
             }));
  router.add("GET", "/version", answering([] {
               std::string text = config::version_text();
               text.pop_back();
               return server::text(200, text);
             }));
  router.add_rest("/api/v1/", answering([] {
                    return api::failure(404, "not_found",
                                        "this is a remote_read proxy, which has no such endpoint; "
                                        "ask the Prometheus that reads through it");
                  }));
}

}  // namespace prombraid::app
