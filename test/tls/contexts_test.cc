#include "tls/contexts.h"

#include <cstdio>
#include <filesystem>

#include <doctest/doctest.h>

#include "base/folder.h"
#include "base/no_descriptors.h"
#include "tls/authority.h"
#include "tls/renewed_context.h"

namespace prombraid::tls {
namespace {

const Authority& authority() {
  static const Authority one("authority");
  return one;
}

}  // namespace

TEST_CASE("a context of files") {
  const Folder folder;
  const Issued issued = authority().issue("DNS:prom");
  ServerOptions options;
  options.certificate.file = folder.write("cert.pem", issued.certificate);
  options.key.file = folder.write("key.pem", issued.key);
  CHECK(server_context(options).has_value());
  CHECK(files_of(options) == std::vector<std::string>{options.certificate.file, options.key.file});
}

TEST_CASE("what is wrong with a file, by its name and never by its content") {
  const Folder folder;
  const Issued issued = authority().issue("DNS:prom");
  const Issued other = authority().issue("DNS:prom");
  const std::string cert = folder.write("cert.pem", issued.certificate);
  const std::string key = folder.write("key.pem", issued.key);
  const std::string wrong_key = folder.write("wrong.pem", other.key);
  const std::string empty = folder.write("empty.pem", "");
  const std::string half =
      folder.write("half.pem", issued.certificate + issued.certificate.substr(0, 100));
  const std::string none = folder.file("none.pem");
  struct Case {
    const char* title;
    std::string cert, key, ca;
    std::string what;
  };
  for (const Case& c : {
           Case{"no file", none, key, "", "cert_file: " + none + ": No such file or directory"},
           {"an empty file", empty, key, "", "cert_file " + empty + ": no certificate in PEM form"},
           {"a key as certificate", key, key, "", "cert_file " + key + ": no certificate"},
           {"a second one that is cut off", half, key, "",
            "cert_file " + half + ": certificate 2 is damaged"},
           {"another's key", cert, wrong_key, "",
            "key_file " + wrong_key + ": not the key of cert_file " + cert},
           {"a certificate as key", cert, cert, "", "key_file " + cert + ": no private key"},
           {"no key", cert, none, "", "key_file: " + none + ": No such file or directory"},
           {"no authority", cert, key, empty, "ca_file " + empty + ": no certificate"},
       }) {
    CAPTURE(c.title);
    ClientOptions options;
    options.certificate.file = c.cert;
    options.key.file = c.key;
    options.ca.file = c.ca;
    const auto context = client_context(options);
    REQUIRE(context.has_error());
    CHECK(context.error().what.find(c.what) == 0);
  }
}

TEST_CASE("a context follows its files, and keeps the last good one meanwhile") {
  const Folder folder;
  const Issued first = authority().issue("DNS:first");
  const Issued second = authority().issue("DNS:second");
  ServerOptions options;
  options.certificate.file = folder.write("cert.pem", first.certificate);
  options.key.file = folder.write("key.pem", first.key);
  std::string told;
  RenewedContext renewed(
      files_of(options), [&] { return server_context(options); },
      [&](const Result<void>& done) { told = done.has_error() ? done.error().what : "renewed"; });
  const auto before = renewed.now();
  REQUIRE(before.has_value());
  CHECK(renewed.now()->get() == before->get());
  CHECK(told.empty());

  folder.write("cert.pem", second.certificate);  // and not its key yet
  CHECK(renewed.now()->get() == before->get());
  CHECK(told.find("not the key of") != std::string::npos);

  folder.write("key.pem", second.key);
  const auto after = renewed.now();
  CHECK(after->get() != before->get());
  CHECK(told == "renewed");

  std::filesystem::remove(options.key.file);
  CHECK(renewed.now()->get() == after->get());
}

TEST_CASE("files that could not be read for want of descriptors are read when there are some") {
  const Folder folder;
  ClientOptions options;
  options.ca.file = folder.write("ca.pem", authority().certificate());
  std::vector<bool> told;
  RenewedContext renewed(
      files_of(options), [&] { return client_context(options); },
      [&](const Result<void>& done) { told.push_back(done.has_value()); });
  const auto before = renewed.now();
  REQUIRE(before.has_value());
  folder.write("ca.pem", authority().certificate());
  {
    const NoDescriptors none;
    CHECK(renewed.now()->get() == before->get());
    CHECK(renewed.now()->get() == before->get());
  }
  CHECK(renewed.now()->get() != before->get());
  CHECK(told == std::vector<bool>{false, true});
}

TEST_CASE("a context that was never good is an error, until its files are") {
  const Folder folder;
  const Issued issued = authority().issue("DNS:prom");
  ClientOptions options;
  options.ca.file = folder.file("ca.pem");
  RenewedContext renewed(files_of(options), [&] { return client_context(options); }, nullptr);
  CHECK(renewed.now().has_error());
  folder.write("ca.pem", authority().certificate());
  CHECK(renewed.now().has_value());
}

}  // namespace prombraid::tls
