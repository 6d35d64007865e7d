/// Who may talk to a server, and what each of its answers says beside its own: the seam for TLS,
/// authentication and rate limits.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/error.h"
#include "server/http.h"
#include "tls/handles.h"

namespace prombraid::server {

/// Used by the servers of all threads at once, and outlives them.
class Guard {
 public:
  using Headers = std::shared_ptr<const std::vector<Header>>;

  virtual ~Guard() = default;

  /// Connections speak TLS. Never changes.
  virtual bool secures() const = 0;
  /// For one new connection, where `secures`.
  virtual Result<tls::Ssl> ssl() = 0;

  /// Looks at a request's head before its body is read. An answer: the request is refused with it.
  virtual asio::awaitable<std::optional<Response>> admit(const Request& request) = 0;

  /// Fields for every answer that does not set them itself; null where there are none.
  virtual Headers headers() const = 0;
};

}  // namespace prombraid::server
