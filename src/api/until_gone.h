/// Work for a client that ends when the client leaves.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "server/http.h"

namespace prombraid::api {

/// Runs `work`; when the client closes its side it is cancelled where it waits, with all that it
/// asked of others. Returns then as if it had finished.
boost::asio::awaitable<void> until_gone(server::Responder& out, boost::asio::awaitable<void> work);

}  // namespace prombraid::api
