#include "tls/expiry.h"

#include <ctime>

#include <doctest/doctest.h>

#include "base/folder.h"
#include "tls/authority.h"

namespace prombraid::tls {
namespace {

constexpr std::int64_t day = 86'400;

/// In whole days from now, as certificates here are made.
std::int64_t days_left(const Pem& pem) {
  const auto expires = expires_at(pem);
  REQUIRE_MESSAGE(expires.has_value(), expires.error().what);
  return (*expires - std::time(nullptr) + day / 2) / day;
}

Pem text(const std::string& pem) {
  Pem out;
  out.text = pem;
  return out;
}

}  // namespace

TEST_CASE("when a certificate ends, as text and in a file") {
  const Authority authority("authority");
  const std::string pem = authority.issue("DNS:a", {.from = -1, .to = 30}).certificate;
  CHECK(days_left(text(pem)) == 30);
  const Folder folder;
  Pem file;
  file.file = folder.write("cert.pem", pem);
  CHECK(days_left(file) == 30);
}

TEST_CASE("the first of a chain to end, and one that has ended") {
  const Authority authority("authority");
  const std::string late = authority.issue("DNS:a", {.from = -1, .to = 30}).certificate;
  const std::string soon = authority.issue("DNS:b", {.from = -1, .to = 3}).certificate;
  CHECK(days_left(text(late + soon)) == 3);
  CHECK(*expires_at(text(authority.issue("DNS:c", {.from = -9, .to = -5}).certificate)) <
        std::time(nullptr) - 4 * day);
}

TEST_CASE("what is no certificate") {
  CHECK(expires_at(text("nonsense")).has_error());
  Pem missing;
  missing.file = "/no/such/file.pem";
  CHECK(expires_at(missing).error().what.find("/no/such/file.pem") != std::string::npos);
}

}  // namespace prombraid::tls
