#include "guard/logins.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

#include "guard/bcrypt.h"
#include "guard/bucket.h"

namespace prombraid::guard {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// Of "right password", cost 4, in the three spellings of the same algorithm.
constexpr const char* hashes[] = {"$2a$04$CEHIxWuQxlvpG9A42NiN1erLfRTHYtxKBKSJ3B9mzUOh58Emh6BPa",
                                  "$2b$04$n5Q6Pn7EJLxlRfdTIae1NOTe8wHc0NW3xMvgApzyJJaX/WLQSDZpu",
                                  "$2y$04$92BGFV923bsVKq4JYFwrgOmk.UiUlW2rkXf7cEjvRnvIifxe2upOq"};

/// Several at once, on one loop.
std::vector<Verdict> verdicts(Logins& logins, const Logins::Users& users,
                              const std::vector<std::pair<std::string, std::string>>& given) {
  asio::io_context io;
  std::vector<std::future<Verdict>> waiting;
  for (const auto& [name, password] : given) {
    waiting.push_back(asio::co_spawn(io, logins.check(users, name, password), asio::use_future));
  }
  io.run();
  std::vector<Verdict> out;
  for (auto& one : waiting) out.push_back(one.get());
  return out;
}

Verdict verdict(Logins& logins, const Logins::Users& users, const std::string& name,
                const std::string& password) {
  return verdicts(logins, users, {{name, password}}).front();
}

}  // namespace

TEST_CASE("bcrypt knows the password of a hash") {
  for (const char* hash : hashes) {
    CAPTURE(hash);
    CHECK(matches_bcrypt(hash, "right password"));
    CHECK(!matches_bcrypt(hash, "wrong password"));
    CHECK(!matches_bcrypt(hash, std::string("right password\0x", 16)));
    CHECK(!matches_bcrypt(hash, ""));
  }
  CHECK(!matches_bcrypt("", ""));
  CHECK(!matches_bcrypt("*0", "x"));
  CHECK(!matches_bcrypt(hashes[0], std::string(1000, 'x')));
}

TEST_CASE("right and wrong, known and not, again and again") {
  Logins logins;
  const Logins::Users users{{"anna", hashes[2]}, {"bert", hashes[1]}};
  for (int i = 0; i < 3; ++i) {
    CHECK(verdict(logins, users, "anna", "right password") == Verdict::right);
    CHECK(verdict(logins, users, "anna", "wrong") == Verdict::wrong);
    CHECK(verdict(logins, users, "nobody", "right password") == Verdict::wrong);
  }
}

TEST_CASE("a changed hash ends what was right before") {
  Logins logins;
  CHECK(verdict(logins, {{"anna", hashes[2]}}, "anna", "right password") == Verdict::right);
  CHECK(verdict(logins, {{"anna", nobodys_hash}}, "anna", "right password") == Verdict::wrong);
  CHECK(verdict(logins, {}, "anna", "right password") == Verdict::wrong);
}

TEST_CASE("too many at once are turned away, those that are known are not") {
  Logins logins;
  const Logins::Users users{{"anna", hashes[2]}};
  CHECK(verdict(logins, users, "anna", "right password") == Verdict::right);
  std::vector<std::pair<std::string, std::string>> flood;
  for (unsigned i = 0; i < 2 * Logins::most_waiting; ++i) {
    flood.emplace_back("anna", "guess " + std::to_string(i));
  }
  flood.emplace_back("anna", "right password");
  const auto got = verdicts(logins, users, flood);
  CHECK(std::count(got.begin(), got.end(), Verdict::busy) == Logins::most_waiting);
  CHECK(got.back() == Verdict::right);
}

TEST_CASE("the cache: no two logins share an entry, and each kind is bounded") {
  LoginCache cache(3);
  CHECK(cache.digest("ab", "c", "d") != cache.digest("a", "bc", "d"));
  CHECK(cache.digest("a", "b", "cd") != cache.digest("a", "bc", "d"));
  CHECK(cache.digest("a", "b", "c") == cache.digest("a", "b", "c"));
  CHECK(LoginCache(3).digest("a", "b", "c") != cache.digest("a", "b", "c"));  // its own key

  const auto right = cache.digest("anna", "h", "p");
  cache.keep(right, true);
  for (int i = 0; i < 10; ++i) cache.keep(cache.digest("anna", "h", std::to_string(i)), false);
  CHECK(cache.size() == 4);
  CHECK(cache.find(right) == true);
  CHECK(cache.find(cache.digest("anna", "h", "9")) == false);
  CHECK(cache.find(cache.digest("anna", "h", "0")) == std::nullopt);
}

TEST_CASE("Authorization: Basic") {
  std::string name, password;
  CHECK(parse_basic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", name, password));
  CHECK(name == "Aladdin");
  CHECK(password == "open sesame");
  CHECK(parse_basic("bASIC YTpiOmM=", name, password));
  CHECK(name == "a");
  CHECK(password == "b:c");
  for (const char* text : {"", "Basic", "Basic ", "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
                           "Basic YQ==", "Basic YTpi!", "Basic YTp", "Basic YT=iOmM="}) {
    CAPTURE(text);
    CHECK(!parse_basic(text, name, password));
  }
}

TEST_CASE("a bucket gives its burst, and then one in each interval") {
  Bucket bucket(milliseconds(100), 3);
  Bucket::Time now{std::chrono::hours(5)};
  CHECK(bucket.take(now));
  CHECK(bucket.take(now));
  CHECK(bucket.take(now));
  CHECK(!bucket.take(now));
  CHECK(!bucket.take(now + milliseconds(99)));
  CHECK(bucket.take(now + milliseconds(100)));
  CHECK(!bucket.take(now + milliseconds(100)));
  now += std::chrono::seconds(10);
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(now));
  CHECK(!bucket.take(now));
}

}  // namespace prombraid::guard
