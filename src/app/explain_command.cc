#include "app/explain_command.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/kept_answer.h"
#include "app/set_table.h"
#include "app/settings.h"
#include "config/version.h"
#include "discovery/discovery.h"
#include "metrics/metrics.h"
#include "query/selector.h"
#include "read/explained_answer.h"
#include "read/read_route.h"
#include "wire/request.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

/// What a process that serves has for each of its threads, for one read.
class OneRead {
 public:
  explicit OneRead(const config::ExplainConfig& config)
      : config_(config),
        settings_(settings_of(config.server)),
        metrics_(metrics::Constants{}),
        shared_(0, config.server.read_memory_limit),
        others_(io_.get_executor(), {}),
        context_{.settings = settings_,
                 .shared = shared_,
                 .counters = metrics_.add_thread(),
                 .connections = others_,
                 .sets = nullptr},
        route_(context_),
        table_({io_, metrics_, {}}, [this] { take(); }) {}

  Result<void> run(Work work) {
    auto begun = table_.begin(std::make_shared<const config::Config>(config_.server));
    if (begun.has_error()) return std::move(begun).error();
    for (const FollowedSetPtr& set : table_.sets()) {
      connections_.push_back(
          std::make_shared<replica::Connections>(io_.get_executor(), set->connect_options()));
    }
    std::exception_ptr thrown;
    // Nothing is left to do after it: the loop then runs out of work.
    asio::co_spawn(io_, ask(std::move(work)), [&](std::exception_ptr e) {
      thrown = e;
      lookups_ = lookup_lines();
      table_.stop();
      for (const auto& connections : connections_) connections->close_idle();
    });
    table_.start();
    io_.run();
    if (thrown) std::rethrow_exception(thrown);
    return {};
  }

  /// The page of the server's own route.
  Result<std::string> explain(wire::ReadRequest wanted) {
    server::Request request;
    request.method = "POST";
    request.headers.emplace_back(read::explain_header, std::to_string(config_.limit));
    request.body = wire::encode_read_request(wanted);
    auto ran = run([&](read::ThreadContext&) { return route_(request, answer_); });
    if (ran.has_error()) return std::move(ran).error();
    return outcome();
  }

 private:
  void take() {
    auto sets = std::make_shared<read::Sets>();
    for (std::size_t i = 0; i < table_.sets().size(); ++i) {
      const FollowedSetPtr& set = table_.sets()[i];
      sets->seats.push_back({set->settings(), connections_[i], set->replicas(), set->nudge()});
    }
    context_.sets = std::move(sets);
  }

  asio::awaitable<void> ask(Work work) {
    co_await replicas_known();
    co_await work(context_);
  }

  /// Until every name was looked up and every replica looked at, or a read's deadline passed.
  asio::awaitable<void> replicas_known() {
    asio::steady_timer timer(io_);
    const auto until = std::chrono::steady_clock::now() + config_.server.replica_timeout;
    const auto sets = table_.sets();
    while (!std::all_of(sets.begin(), sets.end(), [](const auto& set) { return set->settled(); }) &&
           std::chrono::steady_clock::now() < until) {
      timer.expires_after(std::chrono::milliseconds(10));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  /// What a person needs to know where no replica was found.
  std::string lookup_lines() const {
    std::string out;
    for (const FollowedSetPtr& set : table_.sets()) {
      for (const auto& lookup : set->status().lookups) {
        out +=
            "\n" + lookup.name + " " + discovery::name_of(lookup.type) + ": " + lookup.last_answer;
      }
    }
    return out;
  }

  Result<std::string> outcome() const {
    const server::Response& response = answer_.response();
    if (response.status == 200) return response.body;
    std::string text = response.body;
    while (text.ends_with('\n')) text.pop_back();
    const bool own_fault = response.status == 400;
    return Error(own_fault ? ErrorKind::bad_request : ErrorKind::unavailable, text + lookups_);
  }

  const config::ExplainConfig& config_;
  const read::Settings settings_;
  metrics::Metrics metrics_;
  read::Shared shared_;
  asio::io_context io_{1};
  std::vector<std::shared_ptr<replica::Connections>> connections_;  ///< one a set
  replica::Connections others_;                                     ///< unused: no engine is asked
  read::ThreadContext context_;
  read::ReadRoute route_;
  SetTable table_;
  KeptAnswer answer_;
  std::string lookups_;
};

}  // namespace

Result<std::string> explain(config::ExplainConfig config) {
  auto matchers = query::parse_selector(config.match);
  if (matchers.has_error()) return std::move(matchers).error().in("--match");
  wire::ReadRequest request;
  request.queries.push_back({{*config.start, config.end}, *std::move(matchers), {}});
  request.accepted = {static_cast<std::uint32_t>(wire::ResponseType::streamed_chunks)};
  return OneRead(config).explain(std::move(request));
}

Result<void> with_replicas(const config::ExplainConfig& config, Work work) {
  return OneRead(config).run(std::move(work));
}

}  // namespace prombraid::app
