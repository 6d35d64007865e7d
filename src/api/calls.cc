#include "api/calls.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/passed.h"
#include "replica/exchange.h"
#include "replica/facts.h"
#include "replica/http_request.h"

namespace prombraid::api {

namespace asio = boost::asio;
using replica::FailureReason;

namespace {

replica::ReadFailure failure_of(const replica::Endpoint& endpoint, const Error& error) {
  const auto reason =
      error.kind == ErrorKind::limit ? FailureReason::limit : FailureReason::content_type;
  return replica::failure_of(endpoint, reason, error.what);
}

/// One call, from its request to the taking of its reply.
class OneCall {
 public:
  OneCall(const read::SetSeat& seat, const read::Replica& replica, Called& out)
      : seat_(seat), replica_(replica), endpoint_(replica.endpoint), out_(out) {}

  asio::awaitable<void> run(const Call& call, read::Sent sent, replica::Deadline deadline,
                            std::function<Result<void>(const Reply&)> take) {
    replica_.counters->requests.add();
    const std::string path = call.target.substr(0, call.target.find('?'));
    span_ = read::ReplicaSpan(std::move(sent.trace), seat_, replica_, "GET " + path);
    out_.result = co_await ask(call, sent.lines + span_.lines(), deadline, std::move(take));
    settle();
  }

 private:
  asio::awaitable<replica::ReadResult<void>> ask(const Call& call, std::string fields,
                                                 replica::Deadline deadline,
                                                 std::function<Result<void>(const Reply&)> take) {
    const auto prefix = replica::prefix_of(endpoint_.path);
    if (!prefix) {
      co_return failure_of(endpoint_, Error(ErrorKind::unsupported,
                                            "its path does not end in /api/v1/read: nothing is "
                                            "known of its API"));
    }
    if (seat_.connections->has_credentials()) {
      auto lines = co_await seat_.connections->header_lines(endpoint_, deadline);
      if (!lines) co_return lines.error();
      fields += *lines;
    }
    std::string request = replica::get_request(endpoint_, *prefix + call.target, fields);
    auto started = co_await replica::Exchange::start(*seat_.connections, endpoint_,
                                                     std::move(request), deadline);
    if (!started) co_return started.error();
    replica::Exchange& exchange = **started;
    if (exchange.head().status != 200) {
      const std::string text = co_await exchange.explanation();
      co_return replica::status_failure(endpoint_, exchange.head().status, said_in(text),
                                        exchange.head().others);
    }
    co_return co_await read(exchange, std::move(take));
  }

  asio::awaitable<replica::ReadResult<void>> read(replica::Exchange& exchange,
                                                  std::function<Result<void>(const Reply&)> take) {
    ReplyReader reader(max_reply_bytes);
    for (;;) {
      auto piece = co_await exchange.body();
      if (!piece) co_return piece.error();
      if (piece->empty()) break;
      if (!out_.held.resize(ReplyReader::cost(reader.bytes() + piece->size()))) {
        co_return failure_of(endpoint_, Error(ErrorKind::limit,
                                              "its answer is larger than what --read.memory-limit "
                                              "leaves"));
      }
      if (auto fed = reader.feed(*piece); fed.has_error()) {
        co_return failure_of(endpoint_, fed.error());
      }
    }
    replica_.counters->received_bytes.add(static_cast<std::int64_t>(exchange.bytes()));
    auto reply = reader.take();
    if (reply.has_error()) co_return failure_of(endpoint_, reply.error());
    if (auto taken = take(*reply); taken.has_error()) {
      co_return failure_of(endpoint_, taken.error());
    }
    span_.answered(exchange.head().status, exchange.bytes());
    out_.warnings = std::move(reply->warnings);
    // What a union keeps of a reply is no larger than its strings and a header for each.
    out_.held.resize(ReplyReader::cost(reader.bytes()) / 2);
    co_return replica::ReadResult<void>();
  }

  void settle() {
    if (out_.result) {
      replica_.suspicion->clear();
      replica_.counters->up.set(1);
      return;
    }
    const FailureReason reason = out_.result.error().reason;
    span_.failed(out_.result.error());
    replica_.counters->failures[replica::name_of(reason)].add();
    if (reason == FailureReason::timeout || reason == FailureReason::connect_timeout) {
      replica_.suspicion->raise(std::chrono::steady_clock::now());
    }
    if (reason == FailureReason::refused || reason == FailureReason::connect_timeout) {
      replica_.counters->up.set(0);
      seat_.nudge(endpoint_);
    }
  }

  const read::SetSeat& seat_;
  const read::Replica& replica_;
  const replica::Endpoint& endpoint_;
  Called& out_;
  read::ReplicaSpan span_;
};

asio::awaitable<void> run_one(const read::SetSeat& seat, std::span<const Call> calls, std::size_t i,
                              read::Sent sent, replica::Deadline deadline, const Take& take,
                              Called& out) {
  const read::Replica& replica = seat.set->replicas[calls[i].member];
  OneCall call(seat, replica, out);
  co_await call.run(calls[i], std::move(sent), deadline,
                    [&](const Reply& reply) { return take(i, reply); });
}

/// When each call must be over. Where all that are needed are under suspicion they are the only
/// hope, and are given all the time there is.
std::vector<replica::Deadline> deadlines(const read::ThreadContext& context,
                                         const read::SetSeat& seat, std::span<const Call> calls) {
  const auto now = std::chrono::steady_clock::now();
  const auto suspected = [&](const Call& call) {
    return seat.set->replicas[call.member].suspicion->suspected(now);
  };
  const auto well = static_cast<std::size_t>(std::count_if(
      calls.begin(), calls.end(), [&](const Call& call) { return !suspected(call); }));
  const bool enough = well >= std::max<std::size_t>(1, seat.settings->min_replicas);
  std::vector<replica::Deadline> out;
  for (const Call& call : calls) {
    const bool short_time = enough && suspected(call);
    out.push_back(now +
                  (short_time ? context.settings.suspect_grace : seat.settings->replica_timeout));
  }
  return out;
}

}  // namespace

asio::awaitable<std::vector<Called>> call_all(read::ThreadContext& context,
                                              const read::SetSeat& seat,
                                              std::span<const Call> calls, std::string passed,
                                              read::Sent sent, Take take) {
  sent.lines.insert(0, std::string(passed_header) + ": " + passed + "\r\n");
  std::vector<Called> out;
  out.reserve(calls.size());
  for (const Call& call : calls) {
    out.emplace_back(context.shared.memory);
    out.back().result = replica::failure_of(seat.set->replicas[call.member].endpoint,
                                            FailureReason::cancelled, "given up");
  }
  if (calls.empty()) co_return out;
  const auto executor = co_await asio::this_coro::executor;
  const auto until = deadlines(context, seat, calls);
  const auto begin = [&](std::size_t i) {
    return asio::co_spawn(executor, run_one(seat, calls, i, sent, until[i], take, out[i]),
                          asio::deferred);
  };
  std::vector<decltype(begin(0))> operations;
  for (std::size_t i = 0; i < calls.size(); ++i) operations.push_back(begin(i));
  co_await asio::experimental::make_parallel_group(std::move(operations))
      .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  co_return out;
}

}  // namespace prombraid::api
