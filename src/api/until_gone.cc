#include "api/until_gone.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::api {

namespace asio = boost::asio;

asio::awaitable<void> until_gone(server::Responder& out, asio::awaitable<void> work) {
  if (out.client_gone()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  try {
    co_await asio::co_spawn(executor, std::move(work),
                            asio::bind_cancellation_slot(out.gone(), asio::use_awaitable));
  } catch (const boost::system::system_error&) {
    // Asio's way to end a coroutine that was cancelled.
    if (!out.client_gone()) throw;
  }
}

}  // namespace prombraid::api
