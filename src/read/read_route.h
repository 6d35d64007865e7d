/// `POST /api/v1/read`: one read, from the request's body to the last byte of the answer.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "read/thread_context.h"
#include "server/http.h"

namespace prombraid::read {

/// Errors go out as a Prometheus server words them (storage/remote/read_handler.go), as plain text:
/// 400 for what the client sent and for the sample limit, 503 for replicas, 508 for a loop.
/// A request with `X-Prombraid-Explain: true` is answered with a page (explained_answer.h).
class ReadRoute {
 public:
  explicit ReadRoute(ThreadContext& context) : context_(context) {}

  boost::asio::awaitable<void> operator()(server::Request& request, server::Responder& out);

 private:
  ThreadContext& context_;
};

}  // namespace prombraid::read
