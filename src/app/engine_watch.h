/// Follows the address of the query engine (`--query.engine-url`).
#pragma once

#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "api/engine.h"
#include "config/config.h"
#include "discovery/discovery.h"

namespace prombraid::app {

/// Looks the engine's name up as replicas' names are. Runs on one loop and its thread.
class EngineWatch {
 public:
  using Publish = std::function<void(std::shared_ptr<const discovery::EndpointSet>)>;

  /// Only where `--query.engine-url` is given and `engine_of` (settings.h) took it.
  EngineWatch(boost::asio::io_context& io, const config::Config& config, Publish publish);

  void start() { discovery_.start(); }
  void stop() { discovery_.stop(); }

  /// A connection to `endpoint` failed: the name moves on to its next address. From any thread.
  void nudge(const discovery::Endpoint& endpoint) { discovery_.nudge(endpoint); }

 private:
  discovery::Discovery discovery_;
};

}  // namespace prombraid::app
