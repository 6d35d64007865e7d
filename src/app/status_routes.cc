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

void add_status_routes(server::Router& router, StatusSources from) {
  router.add("GET", "/api/v1/status/buildinfo",
             answering([sets = from.sets] { return api::success_with(buildinfo(sets().get())); }));
  router.add("GET", "/api/v1/status/config", answering([config = from.config] {
               return api::success_with(config_in_use(*config()));
             }));
  router.add("GET", "/api/v1/status/flags", answering([config = from.config] {
               return api::success_with(flags_in_use(*config()));
             }));
  router.add("GET", "/api/v1/status/runtimeinfo", answering([from] {
               return api::success_with(runtimeinfo(*from.config(), from.started, from.reloads()));
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
