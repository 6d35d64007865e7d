#include "app/one_endpoint.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "discovery/address.h"

namespace prombraid::app {

Result<discovery::Endpoint> endpoint_of(const std::string& url) {
  auto address = discovery::parse_address(url);
  if (address.has_error()) return std::move(address).error();
  using Kind = discovery::Address::Kind;
  if (address->kind != Kind::ip && address->kind != Kind::host) {
    return Error(ErrorKind::bad_request, url + ": one address is needed, not a name of several");
  }
  discovery::Endpoint out;
  out.host = address->host;
  out.port = address->port;
  out.path = address->path;
  out.tls = address->scheme == discovery::Address::Scheme::https;
  boost::asio::io_context io;
  boost::asio::ip::tcp::resolver resolver(io);
  boost::system::error_code problem;
  const auto found = resolver.resolve(address->host, std::to_string(address->port), problem);
  if (problem || found.empty()) {
    return Error(ErrorKind::unavailable, "looking up " + address->host + ": " + problem.message());
  }
  out.ip = found.begin()->endpoint().address().to_string();
  return out;
}

}  // namespace prombraid::app
