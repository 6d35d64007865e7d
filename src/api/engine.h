/// PromQL for clients that know one URL: their queries are passed on to a Prometheus that evaluates
/// them, and that reads its samples back through this process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "discovery/endpoint.h"
#include "read/thread_context.h"
#include "server/http.h"
#include "server/router.h"

namespace prombraid::api {

/// Belongs to one thread.
struct Engine {
  std::string name;    ///< `--query.engine-url`, for errors; empty: there is none
  std::string prefix;  ///< in front of `/api/v1/...` on its side: "" or "/prom"
  std::chrono::milliseconds timeout{120'000};               ///< `--query.timeout`
  std::shared_ptr<const discovery::EndpointSet> endpoints;  ///< null: not looked up yet
  /// Told of an address that takes no connection; empty: nobody wants to know.
  std::function<void(const discovery::Endpoint&)> nudge;
};

/// What of a client's head goes along: all but what belongs to the connection (RFC 9110, section
/// 7.6.1), `Host`, and the client's credentials, which are meant for this process. Lines with CRLF.
/// Without those of a trace where it is `traced` here: the engine gets new ones.
std::string forwarded_fields(const std::vector<server::Header>& headers, bool traced = false);

/// What of the engine's head goes back, from lines with CRLF: all but what belongs to the
/// connection, among it what `connection` (its Connection field) names.
std::vector<server::Header> returned_fields(std::string_view lines, std::string_view connection);

/// `/api/v1/query`, `query_range`, `query_exemplars`, `format_query`, `parse_query`, `rules` and
/// `alerts`, with methods, bodies and headers as they come; answers are streamed. Where no engine
/// is set up, or none can be reached, the answer is an error of the API that says what to do.
class EngineRoutes {
 public:
  EngineRoutes(read::ThreadContext& context, Engine& engine) : context_(context), engine_(engine) {}

  void add_to(server::Router& router);

 private:
  boost::asio::awaitable<void> pass(server::Request& request, server::Responder& out,
                                    std::string path);

  read::ThreadContext& context_;
  Engine& engine_;
};

}  // namespace prombraid::api
