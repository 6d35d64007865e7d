#include "guard/web_guard.h"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include "access/field_text.h"
#include "base/folder.h"
#include "tls/authority.h"

namespace prombraid::guard {
namespace {

namespace asio = boost::asio;

/// Of "right password".
constexpr const char* user =
    "basic_auth_users: {anna: \"$2y$04$92BGFV923bsVKq4JYFwrgOmk.UiUlW2rkXf7cEjvRnvIifxe2upOq\"}\n";

std::optional<server::Response> admitted(WebGuard& guard, const std::string& authorization = {}) {
  server::Request request;
  if (!authorization.empty()) request.headers.emplace_back("Authorization", authorization);
  asio::io_context io;
  auto answer = asio::co_spawn(io, guard.admit(request), asio::use_future);
  io.run();
  return answer.get();
}

std::string basic(const std::string& login) {
  return "Basic " + access::base64(login);
}

/// Until the guard has looked at its file again.
template <class F>
bool soon(F condition) {
  for (int i = 0; i < 200; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

}  // namespace

TEST_CASE("an empty file lets everybody in, in clear") {
  const Folder folder;
  const auto guard = WebGuard::open(folder.write("web.yml", ""));
  REQUIRE(guard.has_value());
  CHECK(!(*guard)->secures());
  CHECK(!(*guard)->headers());
  CHECK(!admitted(**guard));
}

TEST_CASE("logins") {
  const Folder folder;
  const auto guard = WebGuard::open(folder.write("web.yml", user));
  REQUIRE_MESSAGE(guard.has_value(), guard.error().what);
  CHECK(!admitted(**guard, basic("anna:right password")));
  for (const std::string& given : {std::string(), basic("anna:wrong"), basic("bert:right password"),
                                   std::string("Bearer x"), std::string("Basic !")}) {
    CAPTURE(given);
    const auto refusal = admitted(**guard, given);
    REQUIRE(refusal.has_value());
    CHECK(refusal->status == 401);
    CHECK(refusal->headers.back() == server::Header("WWW-Authenticate", "Basic"));
  }
}

TEST_CASE("headers and the rate limit") {
  const Folder folder;
  const auto guard = WebGuard::open(folder.write("web.yml",
                                                 "http_server_config: {headers: {X-Frame-Options: "
                                                 "deny}}\nrate_limit: {interval: 1h, burst: 2}\n"));
  REQUIRE_MESSAGE(guard.has_value(), guard.error().what);
  CHECK(*(*guard)->headers() == std::vector<server::Header>{{"X-Frame-Options", "deny"}});
  CHECK(!admitted(**guard));
  CHECK(!admitted(**guard));
  const auto refusal = admitted(**guard);
  REQUIRE(refusal.has_value());
  CHECK(refusal->status == 429);
}

TEST_CASE("the file is read again; what is no good changes nothing") {
  const Folder folder;
  const auto guard = WebGuard::open(folder.write("web.yml", user));
  REQUIRE(guard.has_value());
  CHECK(admitted(**guard)->status == 401);
  folder.write("web.yml", "basic_auth_user: {}\n");
  for (int i = 0; i < 30; ++i) {
    REQUIRE(admitted(**guard)->status == 401);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  folder.write("web.yml", "");
  CHECK(soon([&] { return !admitted(**guard); }));
}

TEST_CASE("TLS can't be switched on by a changed file, and its certificate is followed") {
  const Folder folder;
  const tls::Authority authority("authority");
  const tls::Issued first = authority.issue("DNS:prombraid");
  const tls::Issued second = authority.issue("DNS:prombraid");
  folder.write("cert.pem", first.certificate);
  folder.write("key.pem", first.key);
  const std::string tls = "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\n";
  const auto guard = WebGuard::open(folder.write("web.yml", tls));
  REQUIRE_MESSAGE(guard.has_value(), guard.error().what);
  CHECK((*guard)->secures());
  const auto context = [&] { return SSL_get_SSL_CTX((*guard)->ssl()->get()); };
  const SSL_CTX* before = context();
  CHECK(context() == before);
  folder.write("key.pem", second.key);
  CHECK(context() == before);
  folder.write("cert.pem", second.certificate);
  CHECK(context() != before);
  folder.write("web.yml", user);
  CHECK((*guard)->ssl().has_value());
  CHECK(!admitted(**guard));  // the file without TLS does not hold, nor do its users
}

TEST_CASE("what is wrong with the file or what it names") {
  const Folder folder;
  const std::string none =
      folder.write("web.yml", "tls_server_config: {cert_file: a, key_file: b}");
  const auto guard = WebGuard::open(none);
  REQUIRE(guard.has_error());
  CHECK(guard.error().what.find(none + ": tls_server_config: cert_file: ") == 0);
  CHECK(WebGuard::check("/nowhere/web.yml").error().what ==
        "/nowhere/web.yml: No such file or directory");
}

}  // namespace prombraid::guard
