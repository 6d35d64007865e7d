#include "app/probe.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "app/one_endpoint.h"
#include "discovery/address.h"
#include "replica/connections.h"
#include "replica/exchange.h"
#include "replica/http_request.h"
#include "replica/said.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

asio::awaitable<Result<Probed>> ask(replica::Connections& connections, discovery::Endpoint endpoint,
                                    std::string path, replica::Deadline deadline) {
  std::string request = replica::get_request(endpoint, path);
  auto started =
      co_await replica::Exchange::start(connections, endpoint, std::move(request), deadline);
  if (!started) co_return started.error().error;
  Probed out;
  out.status = (*started)->head().status;
  out.text = replica::printable(co_await (*started)->explanation());
  co_return out;
}

}  // namespace

Result<Probed> probe(const std::string& url, const std::string& path,
                     std::chrono::milliseconds timeout) {
  auto endpoint = endpoint_of(url);
  if (endpoint.has_error()) return std::move(endpoint).error();
  // No path means the server's root here, not its route of reads.
  std::string prefix = endpoint->path == discovery::default_path ? "" : endpoint->path;
  while (prefix.ends_with('/')) prefix.pop_back();
  asio::io_context io;
  replica::ConnectOptions options;
  options.connect_timeout = timeout;
  replica::Connections connections(io.get_executor(), options);
  Result<Probed> out = Error(ErrorKind::internal, "nothing was asked");
  asio::co_spawn(
      io, ask(connections, *endpoint, prefix + path, std::chrono::steady_clock::now() + timeout),
      [&](const std::exception_ptr& thrown, Result<Probed> probed) {
        if (!thrown) out = std::move(probed);
        connections.close_idle();
      });
  io.run();
  return out;
}

}  // namespace prombraid::app
