#include "api/union_routes.h"

#include <algorithm>
#include <optional>
#include <set>

#include "api/answer.h"
#include "api/calls.h"
#include "api/passed.h"
#include "api/until_gone.h"
#include "log/log.h"
#include "read/failures.h"

namespace prombraid::api {

namespace asio = boost::asio;

namespace {

/// The form of a request, from its address and its body.
Result<Form> form_of(const server::Request& request) {
  const auto type = request.header("Content-Type").value_or("");
  const bool form =
      request.method == "POST" && type.starts_with("application/x-www-form-urlencoded");
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

  /// `lines` are header lines for the replicas.
  asio::awaitable<server::Response> run(std::string_view passed, std::string lines) {
    const read::SetsPtr sets = context_.sets;
    bool any = false;
    for (std::size_t s = 0; sets && s < sets->seats.size(); ++s) {
      const read::SetSeat& seat = sets->seats[s];
      if (!seat.set || seat.set->members.empty()) continue;
      any = true;
      const Replicas replicas{seat.set->members, seat.set->replica_labels,
                              context_.settings.plan.ignore_matchers_on};
      auto calls = question_.ask(replicas);
      if (calls.has_error()) co_return failure(calls.error());
      const auto called = co_await call_all(context_, seat, *calls,
                                            with_marker(passed, context_.settings.plan.loop_marker),
                                            lines, [&](std::size_t i, const Reply& reply) {
                                              return question_.take(replicas, (*calls)[i], reply);
                                            });
      if (auto refused = settle(seat, *calls, called)) co_return *std::move(refused);
    }
    if (!any) co_return failure(Error(ErrorKind::unavailable, "no replica is known yet"));
    if (question_.cut()) warnings_.insert("results truncated due to limit");
    co_return success(question_.data(), {warnings_.begin(), warnings_.end()});
  }

 private:
  /// Where too few replicas of a set have answered: what to answer.
  std::optional<server::Response> settle(const read::SetSeat& seat, const std::vector<Call>& calls,
                                         const std::vector<Called>& called) {
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
    if (answered < needed) return refusal(failed, asked.size(), answered, needed);
    for (const auto& one : failed) warnings_.insert(one.failure.error.what);
    tell(failed);
    return std::nullopt;
  }

  /// What all of them call the request's own fault is passed on as such.
  server::Response refusal(const read::FailedReplicas& failed, std::size_t asked,
                           std::size_t answered, std::size_t needed) {
    tell(failed);
    const bool own_fault = std::all_of(failed.begin(), failed.end(), [](const auto& one) {
      return one.failure.error.kind == ErrorKind::bad_request;
    });
    if (own_fault) return failure(400, "bad_data", failed.front().failure.text);
    std::string what = std::to_string(answered) + " of " + std::to_string(asked) +
                       " replicas answered, " + std::to_string(needed) + " are needed";
    for (const auto& one : failed) what += "; " + one.failure.error.what;
    return failure(Error(ErrorKind::unavailable, std::move(what)));
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
                                 std::string passed, std::string lines, server::Responder& out) {
  Union one(context, question);
  (void)co_await out.send(co_await one.run(passed, std::move(lines)));
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
  auto lines = read::passed_lines(tenants, request);
  co_await until_gone(out, send_union(context_, **asked, passed, std::move(lines), out));
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
