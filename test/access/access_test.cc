#include "access/access.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "base/folder.h"
#include "base/no_descriptors.h"
#include "tls/authority.h"

namespace prombraid::access {
namespace {

Credential text(const std::string& what) {
  return {Secret(what), {}};
}

Credential in_file(const std::string& file) {
  return {Secret(), file};
}

}  // namespace

TEST_CASE("nothing configured is nothing sent") {
  Access access(Options(), nullptr);
  CHECK(access.check().has_value());
  CHECK_FALSE(access.sends_headers());
  CHECK(access.header_lines().value() == "");
}

TEST_CASE("a copy begins with what was read, though the files don't fit any more") {
  const Folder folder;
  const tls::Authority authority("authority");
  const tls::Issued issued = authority.issue("DNS:prombraid");
  Options options;
  options.tls.certificate.file = folder.write("cert.pem", issued.certificate);
  options.tls.key.file = folder.write("key.pem", issued.key);
  Access first(options, nullptr);
  REQUIRE(first.check().has_value());
  folder.write("cert.pem", authority.issue("DNS:prombraid").certificate);
  CHECK(Access(first).ssl("prom").has_value());
  CHECK(Access(options, nullptr).ssl("prom").error().what.find("not the key of") !=
        std::string::npos);
}

TEST_CASE("basic_auth, with a password that is read again") {
  const Folder folder;
  Options options;
  options.basic_auth.emplace();
  options.basic_auth->username = text("Aladdin");
  options.basic_auth->password = in_file(folder.write("password", "open sesame\n"));
  Access access(options, nullptr);
  CHECK(access.sends_headers());
  // RFC 7617 section 2.
  CHECK(access.header_lines().value() == "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
  folder.write("password", "  changed \n");
  CHECK(access.header_lines().value() == "Authorization: Basic QWxhZGRpbjpjaGFuZ2Vk\r\n");
  std::filesystem::remove(folder.file("password"));
  CHECK(access.header_lines().value() == "Authorization: Basic QWxhZGRpbjpjaGFuZ2Vk\r\n");
}

TEST_CASE("a password that could not be read for want of descriptors is read when there are some") {
  const Folder folder;
  Options options;
  options.authorization.emplace().credentials = in_file(folder.write("token", "first"));
  Access access(options, nullptr);
  CHECK(access.header_lines().value() == "Authorization: Bearer first\r\n");
  folder.write("token", "second");
  {
    const NoDescriptors none;
    CHECK(access.header_lines().value() == "Authorization: Bearer first\r\n");
  }
  CHECK(access.header_lines().value() == "Authorization: Bearer second\r\n");
}

TEST_CASE("authorization and more headers") {
  const Folder folder;
  Options options;
  options.authorization.emplace();
  options.authorization->credentials = text("abc");
  options.http_headers = {{"X-Scope-Orgid", {text("one"), text("two")}},
                          {"X-Key", {in_file(folder.write("key", "k\n"))}}};
  Access access(options, nullptr);
  CHECK(access.header_lines().value() ==
        "Authorization: Bearer abc\r\nX-Scope-Orgid: one\r\nX-Scope-Orgid: two\r\nX-Key: k\r\n");
  options.authorization->type = "ApiKey";
  CHECK(Access(options, nullptr).header_lines().value().starts_with("Authorization: ApiKey abc"));
}

TEST_CASE("a file that can't be used is named, and its content is not") {
  const Folder folder;
  const std::string torn = folder.write("torn", "planted\r\nX-Evil: 1");
  struct Case {
    std::string file;
    std::string what;
  };
  for (const Case& c :
       {Case{folder.file("none"), "No such file or directory"},
        {torn, "holds a line break or another control character"},
        {folder.write("big", std::string(70'000, 'x')), "larger than 65536 bytes"}}) {
    CAPTURE(c.file);
    Options options;
    options.authorization.emplace();
    options.authorization->credentials = in_file(c.file);
    Access access(options, nullptr);
    const auto lines = access.header_lines();
    REQUIRE(lines.has_error());
    CHECK(lines.error().what == "authorization: credentials_file: " + c.file + ": " + c.what);
    CHECK(access.check().has_error());
  }
}

TEST_CASE("an OAuth2 token is sent while it holds, and waited for at first") {
  Options options;
  options.oauth2.emplace();
  const auto token = std::make_shared<Token>();
  Access access(options, token);
  CHECK(access.awaits_token());
  CHECK(access.header_lines().error().what == "oauth2: no token has come yet");
  const auto now = Token::Clock::now();
  token->set({"Bearer t1", std::chrono::seconds(100)}, now);
  CHECK(!access.awaits_token());
  CHECK(access.header_lines().value() == "Authorization: Bearer t1\r\n");
  token->fail("https://idp/token: answered 500");
  CHECK(access.header_lines().has_value());  // the old one holds
  token->set({"Bearer t2", std::chrono::seconds(1)}, now - std::chrono::seconds(2));
  token->fail("https://idp/token: answered 500");
  CHECK(access.header_lines().error().what == "oauth2: https://idp/token: answered 500");
  CHECK(!access.awaits_token());
}

TEST_CASE("what a replica quotes of our secrets is taken out") {
  Options options;
  options.basic_auth.emplace();
  options.basic_auth->username = text("anna");
  options.basic_auth->password = text("hunter22");
  options.http_headers = {{"X-Key", {text("key-123456")}}};
  Access access(options, nullptr);
  CHECK(access.without_secrets("bad: hunter22, key-123456, YW5uYTpodW50ZXIyMg==.") ==
        "bad: <secret>, <secret>, <secret>.");
}

TEST_CASE("TLS files are read when it is checked") {
  Options options;
  options.tls.ca.file = "/nowhere/ca.pem";
  Access access(options, nullptr);
  CHECK(access.check().error().what ==
        "tls_config: ca_file: /nowhere/ca.pem: No such file or directory");
}

}  // namespace prombraid::access
