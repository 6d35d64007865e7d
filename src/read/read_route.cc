#include "read/read_route.h"

#include <algorithm>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "log/log.h"
#include "read/explained_answer.h"
#include "read/sampled_answer.h"
#include "read/settle.h"
#include "read/slow_read.h"
#include "read/streamed_answer.h"
#include "wire/request.h"

namespace prombraid::read {

namespace asio = boost::asio;
using metrics::Outcome;

namespace {

unsigned status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_request:
    case ErrorKind::limit:
    case ErrorKind::unsupported:
      return 400;
    case ErrorKind::loop:
      return 508;
    case ErrorKind::unavailable:
    case ErrorKind::timeout:
      return 503;
    case ErrorKind::corrupt:
    case ErrorKind::internal:
      return 500;
  }
  return 500;
}

Outcome outcome_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_request:
    case ErrorKind::unsupported:
      return Outcome::bad_request;
    case ErrorKind::limit:
      return Outcome::limit;
    case ErrorKind::loop:
      return Outcome::loop;
    case ErrorKind::unavailable:
    case ErrorKind::timeout:
      return Outcome::unavailable;
    case ErrorKind::corrupt:
    case ErrorKind::internal:
      return Outcome::internal;
  }
  return Outcome::internal;
}

std::int64_t epoch_ms() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

metrics::ResponseType metric_of(wire::ResponseType type) {
  return type == wire::ResponseType::samples ? metrics::ResponseType::samples
                                             : metrics::ResponseType::streamed;
}

/// `known`: how many had failed before the first byte.
metrics::PartialReason partial_reason(const Contributors& contributors, std::size_t known) {
  const FailedReplicas& failed = contributors.failed;
  if (!contributors.left_out.empty()) return metrics::PartialReason::replica_failed;
  if (known == 0) return metrics::PartialReason::replica_lost_midway;
  const bool spared = std::all_of(failed.begin(), failed.end(), [](const FailedReplica& f) {
    return f.failure.reason == replica::FailureReason::straggler;
  });
  return spared ? metrics::PartialReason::straggler : metrics::PartialReason::replica_failed;
}

/// One read. Its members are what its steps share.
class Read {
 public:
  Read(ThreadContext& context, server::Responder& out, std::string remote,
       trace::RequestTracePtr trace)
      : context_(context),
        out_(out),
        trace_(std::move(trace)),
        sets_(context.sets),
        in_flight_(context.counters.reads_in_flight) {
    tally_.remote = std::move(remote);
  }
  Read(const Read&) = delete;
  Read& operator=(const Read&) = delete;

  ~Read() {
    context_.counters.reads[type_][outcome_].add();
    const auto took = std::chrono::steady_clock::now() - begun_;
    context_.counters.read_duration[type_].observe(took);
    if (trace_) note_trace();
    const auto slow = context_.settings.slow_read;
    if (slow.count() > 0 && took >= slow) {
      tell_slow(tally_, took, metrics::name_of(outcome_), metrics::name_of(type_));
    }
  }

  asio::awaitable<void> run(const server::Request& from, std::string_view body) {
    auto explained = explain_wanted(from.header(explain_header));
    if (explained.has_error()) co_return co_await refuse(explained.error());
    auto enforced = enforced_matcher(context_.settings.tenants, from);
    if (enforced.has_error()) co_return co_await refuse(enforced.error());
    auto request = wire::decode_read_request(body, context_.settings.request);
    if (request.has_error()) co_return co_await refuse(request.error());
    auto type = wire::negotiate(request->accepted);
    if (type.has_error()) co_return co_await refuse(type.error());
    type_ = metric_of(*type);
    tally_.request = *std::move(request);

    Gate::Place place = co_await queue();

    if (!sets_ || !sets_->any_replica()) co_return co_await refuse(no_replica(""));
    const auto views = sets_->views();
    auto plan = query::make_plan(tally_.request, views, context_.settings.plan,
                                 {.now = epoch_ms(), .enforced = *std::move(enforced)});
    if (plan.has_error()) co_return co_await refuse(plan.error());
    tell_ignored(plan->ignored);
    auto left_out = sets_->without_replicas(*plan);
    if (left_out.has_error()) co_return co_await refuse(left_out.error());

    Held held(context_.shared.memory);
    if (!co_await admit(held, plan->reads.size() * context_.settings.begin_bytes)) {
      co_return co_await refuse_overload();
    }
    const Sent sent = sent_with(context_.settings.tenants, from);
    Contributors contributors = co_await settle(context_, sets_, *plan, sent);
    contributors.left_out = *std::move(left_out);
    if (const auto set = contributors.lacking()) {
      outcome_ = Outcome::unavailable;
      co_return co_await send(refusal_of(contributors, *plan, *set));
    }
    const std::size_t known = contributors.failed.size();
    if (*explained > 0) {
      co_await answer_explained(*plan, contributors, std::move(place), *explained);
    } else if (*type == wire::ResponseType::samples) {
      co_await answer_samples(*plan, contributors, std::move(place));
    } else {
      place.release();
      co_await answer_streamed(*plan, contributors);
    }
    tell_failures(context_, *sets_, *plan, contributors.failed, known);
    context_.counters.series_joined.add(static_cast<std::int64_t>(contributors.joined));
    if (outcome_ == Outcome::partial) {
      context_.counters.partial[partial_reason(contributors, known)].add();
    }
    count_bytes(*plan, contributors);
  }

 private:
  void note_trace() {
    trace_->note("prombraid.outcome", metrics::name_of(outcome_));
    trace_->note("prombraid.queries", static_cast<std::int64_t>(tally_.request.queries.size()));
    trace_->note("prombraid.replicas", static_cast<std::int64_t>(tally_.replicas));
    trace_->note("prombraid.series", static_cast<std::int64_t>(tally_.series));
    trace_->note("prombraid.samples", static_cast<std::int64_t>(tally_.samples));
    trace_->note("prombraid.received_bytes", static_cast<std::int64_t>(tally_.bytes));
  }

  asio::awaitable<Gate::Place> queue() {
    const metrics::Counted queued(context_.counters.reads_queued);
    co_return co_await context_.shared.gate.enter();
  }

  asio::awaitable<void> answer_streamed(const query::Plan& plan, Contributors& contributors) {
    StreamedAnswer answer(context_, plan, contributors);
    auto headers = headers_for(wire::ResponseType::streamed_chunks, contributors);
    auto sent = co_await answer.send(out_, std::move(headers));
    if (!sent.has_error()) {
      outcome_ = contributors.partial() ? Outcome::partial : Outcome::ok;
      co_return;
    }
    const bool left = out_.client_gone() || answer.client_lost();
    if (!left && !answer.begun()) co_return co_await refuse(sent.error());
    outcome_ = left ? Outcome::canceled : Outcome::aborted;
    if (!left) {
      if (sent.error().kind == ErrorKind::limit) {
        count_limit(context_.counters, sent.error().what);
      }
      log::error("a read was broken off after its first byte", {{"error", sent.error().what}});
    }
    out_.abort();
  }

  asio::awaitable<void> answer_samples(const query::Plan& plan, Contributors& contributors,
                                       Gate::Place place) {
    SampledAnswer answer(context_, plan, contributors);
    auto made = co_await answer.make();
    place.release();
    if (made.has_error()) co_return co_await refuse(made.error());
    outcome_ = contributors.partial() ? Outcome::partial : Outcome::ok;
    const std::vector<std::string_view> parts(made->buffers.begin(), made->buffers.end());
    server::Response head(200, headers_for(wire::ResponseType::samples, contributors), "");
    if ((co_await out_.send(std::move(head), parts)).has_error()) outcome_ = Outcome::canceled;
  }

  asio::awaitable<void> answer_explained(const query::Plan& plan, Contributors& contributors,
                                         Gate::Place place, std::size_t series) {
    ExplainedAnswer answer(context_, *sets_, plan, contributors, series);
    auto page = co_await answer.make();
    place.release();
    if (page.has_error()) co_return co_await refuse(page.error());
    outcome_ = contributors.partial() ? Outcome::partial : Outcome::ok;
    server::Response response = server::text(200, "");
    response.body = *std::move(page);
    tell_partial(contributors, response.headers);
    co_await send(std::move(response));
  }

  std::vector<server::Header> headers_for(wire::ResponseType type,
                                          const Contributors& contributors) {
    std::vector<server::Header> headers;
    headers.emplace_back("Content-Type", std::string(wire::content_type(type)));
    if (type == wire::ResponseType::samples) headers.emplace_back("Content-Encoding", "snappy");
    tell_partial(contributors, headers);
    return headers;
  }

  static void tell_partial(const Contributors& contributors, std::vector<server::Header>& headers) {
    if (!contributors.partial()) return;
    std::string missing = summary(contributors.failed);
    for (const std::string& set : contributors.left_out) {
      missing += (missing.empty() ? "" : ", ") + set + " (no replica)";
    }
    headers.emplace_back("X-Prombraid-Partial", missing);
  }

  /// By value: the caller's error may be gone before the answer is sent.
  asio::awaitable<void> refuse(Error error) {
    outcome_ = outcome_of(error.kind);
    if (error.kind == ErrorKind::loop) context_.counters.loops.add();
    if (error.kind == ErrorKind::limit) count_limit(context_.counters, error.what);
    if (context_.seldom.due(name_of(error.kind), std::chrono::steady_clock::now())) {
      log::warn("a read was refused", {{"kind", name_of(error.kind)}, {"error", error.what}});
    }
    server::Response response = server::text(status_of(error.kind), error.what);
    if (response.status == 503) response.headers.emplace_back("Retry-After", "2");
    co_await send(std::move(response));
  }

  /// Waits for memory, for a while.
  asio::awaitable<bool> admit(Held& held, std::size_t bytes) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    const auto until = std::chrono::steady_clock::now() + context_.settings.memory_wait;
    while (!held.resize(bytes)) {
      if (std::chrono::steady_clock::now() >= until) co_return false;
      timer.expires_after(std::chrono::milliseconds(20));
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_return true;
  }

  asio::awaitable<void> refuse_overload() {
    outcome_ = Outcome::limit;
    context_.counters.limit_hits[metrics::Limit::memory].add();
    server::Response response =
        server::text(503, "the reads under way hold all of --read.memory-limit (" +
                              std::to_string(context_.shared.memory.limit()) + " bytes)");
    response.headers.emplace_back("Retry-After", "5");
    return send(std::move(response));
  }

  server::Response refusal_of(const Contributors& contributors, const query::Plan& plan,
                              std::size_t set) const {
    FailedReplicas failed;
    for (const FailedReplica& f : contributors.failed) {
      if (plan.reads[f.read].set == set) failed.push_back(f);
    }
    const SetShare& share = contributors.shares[set];
    return refusal(failed, share.asked, share.alive, std::max<std::size_t>(1, share.needed),
                   sets_->seats.size() == 1 ? "" : sets_->seats[set].settings->name,
                   !context_.settings.tenants.pass_headers.empty());
  }

  asio::awaitable<void> send(server::Response response) {
    if ((co_await out_.send(std::move(response))).has_error()) outcome_ = Outcome::canceled;
  }

  void tell_ignored(const std::vector<Matcher>& ignored) {
    // Values come from clients: what is remembered of them has an end.
    if (context_.told_once.size() >= 100) return;
    for (const Matcher& matcher : ignored) {
      if (!context_.told_once.insert(to_string(matcher)).second) continue;
      log::warn(
          "a matcher on a replica label is ignored, as no replica has its value. If an "
          "upstream Prometheus adds it, set filter_external_labels: false in its remote_read "
          "entry, or start this with --read.ignore-matchers-on=" +
              matcher.name,
          {{"matcher", to_string(matcher)}});
    }
  }

  void count_bytes(const query::Plan& plan, Contributors& contributors) {
    for (std::size_t i = 0; i < contributors.feeds.size(); ++i) {
      if (!contributors.feeds[i]) continue;
      const auto bytes = contributors.feeds[i]->stats().bytes;
      sets_->replica(plan.reads[i]).counters->received_bytes.add(static_cast<std::int64_t>(bytes));
      tally_.bytes += bytes;
    }
    contributors.end_spans();
    tally_.replicas = plan.reads.size();
    tally_.failed = contributors.failed.size();
    tally_.series = contributors.series;
    tally_.samples = contributors.samples;
  }

  ThreadContext& context_;
  server::Responder& out_;
  const trace::RequestTracePtr trace_;
  const SetsPtr sets_;
  const metrics::Counted in_flight_;
  metrics::ResponseType type_ = metrics::ResponseType::none;
  Outcome outcome_ = Outcome::canceled;
  ReadTally tally_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

asio::awaitable<void> run(ThreadContext& context, server::Request& request,
                          server::Responder& out) {
  Read read(context, out, request.remote, request.trace);
  const std::string body = std::move(request.body);
  co_await read.run(request, body);
}

}  // namespace

asio::awaitable<void> ReadRoute::operator()(server::Request& request, server::Responder& out) {
  if (out.client_gone()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  // The work ends, and with it all that is asked of the replicas, when the client leaves.
  auto until_gone = asio::bind_cancellation_slot(out.gone(), asio::use_awaitable);
  try {
    co_await asio::co_spawn(executor, run(context_, request, out), until_gone);
  } catch (const boost::system::system_error&) {
    // Asio's way to end a coroutine whose client has left. It is no fault of anybody here.
    if (!out.client_gone()) throw;
  }
}

}  // namespace prombraid::read
