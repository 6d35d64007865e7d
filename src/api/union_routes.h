/// `/api/v1/labels`, `/api/v1/label/NAME/values`, `/api/v1/series` and `/api/v1/metadata`: the
/// union of what the replicas know, as if there were one.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "api/question.h"
#include "read/thread_context.h"
#include "server/http.h"
#include "server/router.h"

namespace prombraid::api {

/// A replica that fails is a warning of the answer as long as `--read.min-replicas` of those asked
/// answer; with fewer the answer is an error. Labels are those of a read: external labels are
/// there, replica labels are not, unless a selector names one replica by them.
class UnionRoutes {
 public:
  explicit UnionRoutes(read::ThreadContext& context) : context_(context) {}

  /// Adds the four, as GET and, where Prometheus has it, as POST with a form. Lives as long as the
  /// router is used.
  void add_to(server::Router& router);

 private:
  boost::asio::awaitable<void> answer(server::Request& request, server::Responder& out,
                                      Asked asked);

  read::ThreadContext& context_;
};

}  // namespace prombraid::api
