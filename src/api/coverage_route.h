/// `/api/v1/coverage`: where an answer comes from, along the time axis.
#pragma once

#include "read/thread_context.h"
#include "server/http.h"
#include "server/router.h"

namespace prombraid::api {

class CoverageRoute {
 public:
  explicit CoverageRoute(read::ThreadContext& context) : context_(context) {}

  void add_to(server::Router& router);

 private:
  boost::asio::awaitable<void> answer(server::Request& request, server::Responder& out);

  read::ThreadContext& context_;
};

}  // namespace prombraid::api
