#include "api/coverage_route.h"

#include <chrono>

#include "api/answer.h"
#include "api/coverage_asked.h"
#include "api/coverage_json.h"
#include "api/covered_read.h"
#include "api/until_gone.h"
#include "read/memory_budget.h"

namespace prombraid::api {

namespace asio = boost::asio;

namespace {

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// The document is held whole: of 200 series with all that is listed at most some ten MiB, and less
/// than what the memory of all reads leaves.
asio::awaitable<server::Response> document(read::ThreadContext& context, CoverageAsked asked,
                                           Asker asker) {
  const TimeRange range = asked.request.queries.front().range;
  read::Held held(context.shared.memory);
  std::string series;
  bool fits = true;
  auto done = co_await read_covered(context, std::move(asked.request), std::move(asker),
                                    asked.limit, listed_conflicts, [&](const Covered& one) {
                                      series += (series.empty() ? "" : ",") +
                                                coverage_json(one, asked.samples);
                                      fits = held.resize(2 * series.size());
                                      return fits;
                                    });
  if (done.has_error()) co_return failure(done.error());
  if (!fits) {
    co_return failure(Error(ErrorKind::limit,
                            "the map is larger than what --read.memory-limit "
                            "leaves: ask for fewer series or a shorter range"));
  }
  co_return success("{" + coverage_head_json(*done, range) + ",\"series\":[" + series + "]}",
                    done->failures);
}

asio::awaitable<void> send_document(read::ThreadContext& context, CoverageAsked asked, Asker asker,
                                    server::Responder& out) {
  (void)co_await out.send(co_await document(context, std::move(asked), std::move(asker)));
}

}  // namespace

asio::awaitable<void> CoverageRoute::answer(server::Request& request, server::Responder& out) {
  auto form = Form::parse(request.query);
  auto asked =
      form.has_error() ? Result<CoverageAsked>(form.error()) : coverage_asked(*form, now_ms());
  if (asked.has_error()) {
    (void)co_await out.send(failure(asked.error()));
    co_return;
  }
  const read::TenantRules& tenants = context_.settings.tenants;
  auto enforced = read::enforced_matcher(tenants, request);
  if (enforced.has_error()) {
    (void)co_await out.send(failure(enforced.error()));
    co_return;
  }
  Asker asker{*std::move(enforced), read::sent_with(tenants, request)};
  co_await until_gone(out, send_document(context_, *std::move(asked), std::move(asker), out));
}

void CoverageRoute::add_to(server::Router& router) {
  router.add("GET", "/api/v1/coverage", [this](server::Request& request, server::Responder& out) {
    return answer(request, out);
  });
}

}  // namespace prombraid::api
