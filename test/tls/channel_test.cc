#include "tls/channel.h"

#include <csignal>
#include <optional>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <doctest/doctest.h>

#include "tls/authority.h"
#include "tls/contexts.h"

namespace prombraid::tls {
namespace {

using asio::ip::tcp;

const Authority& authority() {
  static const Authority one("authority of the tests");
  return one;
}

const Authority& stranger() {
  static const Authority one("an authority nobody trusts");
  return one;
}

void take(const Issued& issued, Pem& certificate, Pem& key) {
  certificate.text = issued.certificate;
  key.text = issued.key;
}

ServerOptions server_with(const Issued& issued) {
  ServerOptions options;
  take(issued, options.certificate, options.key);
  return options;
}

ServerOptions server_for(const std::string& names) {
  return server_with(authority().issue(names));
}

ClientOptions trusting() {
  ClientOptions options;
  options.ca.text = authority().certificate();
  return options;
}

/// What one connection came to, on either side.
struct Outcome {
  error_code error;
  std::string trouble;
  std::string got;
  bool plain_http = false;
};

/// Both ends on one loop, with a limit to what goes wrong.
class Pair {
 public:
  Pair() {
    std::signal(SIGPIPE, SIG_IGN);
    tcp::acceptor acceptor(io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    client_.connect(acceptor.local_endpoint());
    acceptor.accept(server_);
  }

  /// A handshake, `sent` from the client to the server, and an echo.
  void run(const ServerOptions& server, const ClientOptions& client, const std::string& name,
           std::string sent = "hello") {
    auto own = server_context(server);
    REQUIRE_MESSAGE(own.has_value(), own.error().what);
    auto other = client_context(client);
    REQUIRE_MESSAGE(other.has_value(), other.error().what);
    asio::co_spawn(io_, echo(*std::move(own)), asio::detached);
    asio::co_spawn(io_, ask(*std::move(other), name, std::move(sent)), asio::detached);
    io_.run_for(std::chrono::seconds(20));
  }

  void run_plain(const ServerOptions& server, const std::string& sent) {
    auto own = server_context(server);
    REQUIRE(own.has_value());
    asio::write(client_, asio::buffer(sent));
    asio::co_spawn(io_, echo(*std::move(own)), asio::detached);
    io_.run_for(std::chrono::seconds(20));
  }

  Outcome at_server;
  Outcome at_client;

 private:
  asio::awaitable<void> echo(Context context) {
    Channel channel(server_, *server_ssl(context));
    at_server.error = co_await channel.handshake();
    std::vector<char> room(100'000);
    while (!at_server.error) {
      const auto [problem, size] = co_await channel.read_some(asio::buffer(room));
      at_server.error = problem;
      at_server.got.append(room.data(), size);
      asio::const_buffer left(room.data(), size);
      while (!at_server.error && left.size() > 0) {
        const auto [lost, sent] = co_await channel.write_some(std::span(&left, 1));
        at_server.error = lost;
        left += sent;
      }
    }
    at_server.trouble = channel.trouble();
    at_server.plain_http = channel.met_plain_http();
    server_.close();
  }

  asio::awaitable<void> ask(Context context, std::string name, std::string sent) {
    Channel channel(client_, *client_ssl(context, name));
    at_client.error = co_await channel.handshake();
    if (!at_client.error) co_await speak(channel, sent);
    at_client.trouble = channel.trouble();
    channel.say_end();
    client_.close();
  }

  asio::awaitable<void> speak(Channel& channel, const std::string& sent) {
    // In two halves, the first in small pieces: they share records.
    std::vector<asio::const_buffer> pieces;
    for (std::size_t at = 0; at < sent.size() / 2; at += 3) {
      pieces.emplace_back(sent.data() + at, std::min<std::size_t>(3, sent.size() / 2 - at));
    }
    pieces.emplace_back(sent.data() + sent.size() / 2, sent.size() - sent.size() / 2);
    std::vector<char> room(100'000);
    while (at_client.got.size() < sent.size() && !at_client.error) {
      while (!pieces.empty() && pieces.front().size() == 0) pieces.erase(pieces.begin());
      if (!pieces.empty()) {
        auto [problem, size] = co_await channel.write_some(pieces);
        at_client.error = problem;
        for (asio::const_buffer& piece : pieces) {
          const std::size_t step = std::min(size, piece.size());
          piece += step;
          size -= step;
        }
        continue;
      }
      const auto [problem, size] = co_await channel.read_some(asio::buffer(room));
      at_client.error = problem;
      at_client.got.append(room.data(), size);
    }
  }

  asio::io_context io_;
  tcp::socket client_{io_};
  tcp::socket server_{io_};
};

}  // namespace

TEST_CASE("bytes go both ways") {
  Pair pair;
  pair.run(server_for("DNS:prom"), trusting(), "prom");
  CHECK(!pair.at_client.error);
  CHECK(pair.at_client.got == "hello");
  CHECK(pair.at_server.got == "hello");
  CHECK(pair.at_server.error == asio::error::eof);  // the client's close_notify
}

TEST_CASE("many records, of small pieces and a large one") {
  std::string sent;
  for (int i = 0; sent.size() < 150'000; ++i) sent += std::to_string(i);
  Pair pair;
  pair.run(server_for("IP:127.0.0.1"), trusting(), "127.0.0.1", sent);
  CHECK(!pair.at_client.error);
  CHECK(pair.at_client.got == sent);
}

TEST_CASE("a client says what is wrong with a server's certificate") {
  struct Case {
    const char* title;
    ServerOptions server;
    const char* name;
    const char* trouble;
  };
  for (const Case& c : {
           Case{"another name", server_for("DNS:other,DNS:more"), "prom",
                "the certificate is not for the name asked for, but for other, more"},
           {"a name in place of the address", server_for("DNS:127.0.0.1"), "127.0.0.1",
            "the certificate is not for the name asked for, but for 127.0.0.1"},
           {"no name but the subject's", server_for(""), "leaf",
            "the certificate is not for the name asked for, but for no name at all"},
           {"expired", server_with(authority().issue("DNS:prom", {-2, -1})), "prom",
            "the certificate of CN=leaf expired at 20"},
           {"not yet valid", server_with(authority().issue("DNS:prom", {1, 2})), "prom",
            "the certificate of CN=leaf is not valid before 20"},
           {"of a stranger", server_with(stranger().issue("DNS:prom")), "prom",
            "the certificate of CN=leaf, issued by CN=an authority nobody trusts, is not trusted"},
       }) {
    CAPTURE(c.title);
    Pair pair;
    pair.run(c.server, trusting(), c.name);
    CHECK(pair.at_client.error == boost::system::errc::protocol_error);
    CHECK(pair.at_client.trouble.find(c.trouble) == 0);
    CHECK(pair.at_client.got.empty());
    CHECK(pair.at_server.got.empty());
  }
}

TEST_CASE("insecure_skip_verify takes any certificate") {
  ClientOptions options;
  options.insecure_skip_verify = true;
  Pair pair;
  pair.run(server_with(stranger().issue("DNS:other", {-2, -1})), options, "prom");
  CHECK(pair.at_client.got == "hello");
}

TEST_CASE("a certificate of another chain is checked to its authority") {
  // The authority itself may be behind the certificate; a file that holds more than one works.
  const Issued leaf = authority().issue("DNS:prom");
  ServerOptions options = server_with(leaf);
  options.certificate.text += authority().certificate();
  ClientOptions client = trusting();
  client.ca.text = stranger().certificate() + authority().certificate();
  Pair pair;
  pair.run(options, client, "prom");
  CHECK(pair.at_client.got == "hello");
}

TEST_CASE("who may come in, by client_auth_type") {
  const Issued own = authority().issue("DNS:client,URI:spiffe://lab/client");
  const Issued strange = stranger().issue("DNS:client");
  struct Case {
    const char* title;
    ClientAuth auth;
    const Issued* shown;
    std::vector<std::string> sans;
    bool enters;
    const char* trouble;
  };
  for (const Case& c : {
           Case{"nobody is asked", ClientAuth::none, nullptr, {}, true, ""},
           {"asked, none shown", ClientAuth::request, nullptr, {}, true, ""},
           {"asked, a stranger's shown", ClientAuth::request, &strange, {}, true, ""},
           {"any is required, none shown",
            ClientAuth::require_any,
            nullptr,
            {},
            false,
            "the client gave no certificate, and one is required"},
           {"any is required, a stranger's shown", ClientAuth::require_any, &strange, {}, true, ""},
           {"verified if given, none shown", ClientAuth::verify_if_given, nullptr, {}, true, ""},
           {"verified if given, a stranger's shown",
            ClientAuth::verify_if_given,
            &strange,
            {},
            false,
            "the certificate of CN=leaf, issued by CN=an authority nobody trusts"},
           {"verified, none shown",
            ClientAuth::require_and_verify,
            nullptr,
            {},
            false,
            "the client gave no certificate, and one is required"},
           {"verified, a stranger's shown",
            ClientAuth::require_and_verify,
            &strange,
            {},
            false,
            "the certificate of CN=leaf, issued by CN=an authority nobody trusts"},
           {"verified, a good one shown", ClientAuth::require_and_verify, &own, {}, true, ""},
           {"an allowed name", ClientAuth::require_and_verify, &own, {"x", "client"}, true, ""},
           {"an allowed URI",
            ClientAuth::require_and_verify,
            &own,
            {"spiffe://lab/client"},
            true,
            ""},
           {"no allowed name",
            ClientAuth::require_and_verify,
            &own,
            {"clien", "client2"},
            false,
            "the client's certificate has none of the names in client_allowed_sans"},
           {"no allowed name, unverified",
            ClientAuth::require_any,
            &strange,
            {"other"},
            false,
            "the client's certificate has none of the names in client_allowed_sans"},
       }) {
    CAPTURE(c.title);
    ServerOptions server = server_for("DNS:prom");
    server.client_auth = c.auth;
    server.client_ca.text = authority().certificate();
    server.client_allowed_sans = c.sans;
    ClientOptions client = trusting();
    if (c.shown) take(*c.shown, client.certificate, client.key);
    Pair pair;
    pair.run(server, client, "prom");
    CHECK(pair.at_server.trouble.find(c.trouble) == 0);
    CHECK((pair.at_server.got == "hello") == c.enters);
    CHECK((pair.at_client.got == "hello") == c.enters);
  }
}

TEST_CASE("versions that have nothing in common") {
  ServerOptions server = server_for("DNS:prom");
  server.min_version = Version::tls13;
  ClientOptions client = trusting();
  client.max_version = Version::tls12;
  Pair pair;
  pair.run(server, client, "prom");
  CHECK(pair.at_client.trouble.find("no version or cipher suite in common") != std::string::npos);
  CHECK(pair.at_server.trouble == "no TLS version in common");
}

TEST_CASE("cipher suites and curves are the ones that were chosen") {
  ServerOptions server = server_for("DNS:prom");
  server.max_version = Version::tls12;
  server.ciphers = {"ECDHE-ECDSA-CHACHA20-POLY1305"};
  server.curves = {"P-384"};
  Pair fits;
  fits.run(server, trusting(), "prom");
  CHECK(fits.at_client.got == "hello");
  server.ciphers = {"ECDHE-RSA-AES128-GCM-SHA256"};  // this certificate's key is no RSA key
  Pair fails;
  fails.run(server, trusting(), "prom");
  CHECK(fails.at_server.trouble == "no cipher suite in common");
}

TEST_CASE("a client that speaks plain HTTP is known by it") {
  Pair http;
  http.run_plain(server_for("DNS:prom"), "GET / HTTP/1.1\r\nHost: prom\r\n\r\n");
  CHECK(http.at_server.plain_http);
  CHECK(http.at_server.trouble == "the client spoke plain HTTP; it must use https://");
  Pair noise;
  noise.run_plain(server_for("DNS:prom"), std::string(200, 'x'));
  CHECK(!noise.at_server.plain_http);
  CHECK(noise.at_server.error == boost::system::errc::protocol_error);
}

}  // namespace prombraid::tls
