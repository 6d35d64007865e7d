#include "api/union_routes.h"

#include <algorithm>
#include <optional>
#include <set>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/answer.h"
#include "api/calls.h"
#include "api/passed.h"
#include "api/until_gone.h"
#include "base/ascii.h"
#include "log/log.h"
#include "read/failures.h"

namespace prombraid::api {

namespace asio = boost::asio;

namespace {

/// The form of a request, from its address and its body.
Result<Form> form_of(const server::Request& request) {
  const std::string_view type = request.header("Content-Type").value_or("");
  const std::string_view media = type.substr(0, type.find_first_of("; \t"));
  const bool form =
      request.method == "POST" && equal_ignoring_case(media, "application/x-www-form-urlencoded");
  return Form::parse(request.query, form ? std::string_view(request.body) : std::string_view());
}

/// NAME of `/api/v1/label/NAME/values`, behind whatever prefix.
std::string_view name_in(std::string_view path) {
  path.remove_suffix(std::string_view("/values").size());
  return path.substr(path.rfind('/') + 1);
}

/// One request, from who is asked to the answer.
class Union {
 public:
  Union(read::ThreadContext& context, Question& question)
      : context_(context), question_(question) {}

  /// `sent` goes with each question.
  asio::awaitable<server::Response> run(std::string_view passed, const read::Sent& sent) {
    const read::SetsPtr sets = context_.sets;
    if (!sets || !sets->any_replica()) {
      co_return failure(Error(ErrorKind::unavailable, "no replica is known yet"));
    }
    auto parts = parts_of(*sets);
    if (parts.has_error()) co_return failure(parts.error());
    co_await ask_all(*parts, with_marker(passed, context_.settings.plan.loop_marker), sent);
    for (const Part& part : *parts) {
      if (auto refused = settle(part)) co_return *std::move(refused);
    }
    if (question_.cut()) warnings_.insert("results truncated due to limit");
    co_return success(question_.data(), {warnings_.begin(), warnings_.end()});
  }

 private:
  /// One set's part in it.
  struct Part {
    const read::SetSeat& seat;
    Replicas replicas;
    std::vector<Call> calls;
    std::vector<Called> called;
    std::string name;  ///< of the set, for errors; empty where there is only one
  };

  Result<std::vector<Part>> parts_of(const read::Sets& sets) {
    std::vector<Part> out;
    for (const read::SetSeat& seat : sets.seats) {
      if (!seat.set || seat.set->members.empty()) continue;
      Replicas replicas{seat.set->members, seat.set->replica_labels,
                        context_.settings.plan.ignore_matchers_on};
      auto calls = question_.ask(replicas);
      if (calls.has_error()) return std::move(calls).error();
      out.push_back({seat,
                     replicas,
                     *std::move(calls),
                     {},
                     sets.seats.size() == 1 ? "" : seat.settings->name});
    }
    return out;
  }

  asio::awaitable<void> ask(Part& part, std::string passed, read::Sent sent) {
    part.called = co_await call_all(context_, part.seat, part.calls, std::move(passed),
                                    std::move(sent), [&](std::size_t i, const Reply& reply) {
                                      return question_.take(part.replicas, part.calls[i], reply);
                                    });
  }

  /// All sets at once: the slowest of them is how long it takes.
  asio::awaitable<void> ask_all(std::vector<Part>& parts, const std::string& passed,
                                const read::Sent& sent) {
    const auto executor = co_await asio::this_coro::executor;
    const auto begin = [&](Part& part) {
      return asio::co_spawn(executor, ask(part, passed, sent), asio::deferred);
    };
    std::vector<decltype(begin(parts.front()))> operations;
    for (Part& part : parts) operations.push_back(begin(part));
    co_await asio::experimental::make_parallel_group(std::move(operations))
        .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  }

  /// Where too few replicas of a set have answered: what to answer.
  std::optional<server::Response> settle(const Part& part) {
    const auto& [seat, replicas, calls, called, set] = part;
    std::set<std::size_t> asked;
    std::set<std::size_t> lost;
    read::FailedReplicas failed;
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const std::size_t member = calls[i].member;
      asked.insert(member);
      // A probe is cut short on purpose.
      if (!calls[i].probe) {
        warnings_.insert(called[i].warnings.begin(), called[i].warnings.end());
      }
      if (called[i].result || !lost.insert(member).second) continue;
      failed.push_back({seat.set->members[member].name, called[i].result.error()});
    }
    const std::size_t answered = asked.size() - lost.size();
    const std::size_t needed = std::min(seat.settings->min_replicas, asked.size());
    if (answered < needed) return refusal(set, failed, asked.size(), answered, needed);
    for (const auto& one : failed) warnings_.insert(one.failure.error.what);
    tell(failed);
    return std::nullopt;
  }

  /// What all of them call the request's own fault is passed on as such.
  server::Response refusal(const std::string& set, const read::FailedReplicas& failed,
                           std::size_t asked, std::size_t answered, std::size_t needed) {
    tell(failed);
    const bool passed = !context_.settings.tenants.pass_headers.empty();
    if (const auto status = read::agreed_status(failed, asked, passed)) {
      return agreed(*status, failed.front().failure);
    }
    std::string what = (set.empty() ? "" : "set " + set + ": ") + std::to_string(answered) +
                       " of " + std::to_string(asked) + " replicas answered, " +
                       std::to_string(needed) + " are needed";
    for (const auto& one : failed) what += "; " + one.failure.error.what;
    return failure(Error(ErrorKind::unavailable, std::move(what)));
  }

  static server::Response agreed(unsigned status, const replica::ReadFailure& said) {
    if (status == 400 || status == 422) return failure(400, "bad_data", said.text);
    server::Response out = failure(status, status == 401 ? "unauthorized" : "forbidden", said.text);
    if (status == 401 && !said.challenge.empty()) {
      out.headers.emplace_back("WWW-Authenticate", said.challenge);
    }
    return out;
  }

  void tell(const read::FailedReplicas& failed) {
    for (const auto& one : failed) {
      const char* reason = replica::name_of(one.failure.reason);
      if (!context_.seldom.due("api " + one.name + reason, std::chrono::steady_clock::now())) {
        continue;
      }
      log::warn("replica failed a question",
                {{"replica", one.name}, {"reason", reason}, {"error", one.failure.error.what}});
    }
  }

  read::ThreadContext& context_;
  Question& question_;
  std::set<std::string> warnings_;
};

asio::awaitable<void> send_union(read::ThreadContext& context, Question& question,
                                 std::string passed, read::Sent sent, server::Responder& out) {
  Union one(context, question);
  (void)co_await out.send(co_await one.run(passed, sent));
}

}  // namespace

asio::awaitable<void> UnionRoutes::answer(server::Request& request, server::Responder& out,
                                          Asked asked) {
  if (asked.has_error()) {
    (void)co_await out.send(failure(asked.error()));
    co_return;
  }
  const std::string passed(request.header(passed_header).value_or(""));
  if (in_circle(passed, context_.settings.plan.loop_marker)) {
    context_.counters.loops.add();
    (void)co_await out.send(
        failure(Error(ErrorKind::loop,
                      "this question came back to the proxy that asked it: one of its replicas "
                      "is a proxy that reads it")));
    co_return;
  }
  const read::TenantRules& tenants = context_.settings.tenants;
  if (!tenants.enforced.empty()) {
    (void)co_await out.send(failure(
        Error(ErrorKind::bad_request,
              "tenants.enforce_label holds remote_read to one tenant's series, and this would "
              "show the labels of all: it is not served")));
    co_return;
  }
  auto sent = read::sent_with(tenants, request);
  co_await until_gone(out, send_union(context_, **asked, passed, std::move(sent), out));
}

void UnionRoutes::add_to(server::Router& router) {
  using Request = server::Request;
  using Responder = server::Responder;
  const auto add = [&](const char* method, const char* path, auto ask) {
    router.add(method, path,
               [this, ask](Request& request, Responder& out) -> asio::awaitable<void> {
                 auto form = form_of(request);
                 co_await answer(request, out,
                                 form.has_error() ? Asked(form.error()) : ask(request, *form));
               });
  };
  const auto names = [](const Request&, const Form& form) { return ask_label_names(form); };
  const auto values = [](const Request& request, const Form& form) {
    return ask_label_values(name_in(request.path), form);
  };
  const auto series = [](const Request&, const Form& form) { return ask_series(form); };
  const auto metadata = [](const Request&, const Form& form) { return ask_metadata(form); };
  add("GET", "/api/v1/labels", names);
  add("POST", "/api/v1/labels", names);
  add("GET", "/api/v1/label/*/values", values);
  add("GET", "/api/v1/series", series);
  add("POST", "/api/v1/series", series);
  add("GET", "/api/v1/metadata", metadata);
}

}  // namespace prombraid::api
