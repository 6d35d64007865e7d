#include "guard/logins.h"

#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/evp.h>

#include "guard/bcrypt.h"

namespace prombraid::guard {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_login = 4096;

bool is_basic(std::string_view scheme) {
  constexpr std::string_view basic = "basic";
  if (scheme.size() != basic.size()) return false;
  for (std::size_t i = 0; i < basic.size(); ++i) {
    if ((scheme[i] | 0x20) != basic[i]) return false;
  }
  return true;
}

asio::awaitable<bool> compare(std::string hash, std::string password) {
  co_return matches_bcrypt(hash, password);
}

/// One of the places to wait in.
class Place {
 public:
  explicit Place(std::atomic<unsigned>& waiting) : waiting_(waiting), number_(++waiting) {}
  ~Place() { --waiting_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  unsigned number() const { return number_; }

 private:
  std::atomic<unsigned>& waiting_;
  unsigned number_;
};

}  // namespace

Logins::Logins() = default;

Logins::~Logins() {
  slow_.stop();
  slow_.join();
}

asio::awaitable<Verdict> Logins::check(const Users& users, std::string name, std::string password) {
  const auto user = users.find(name);
  const bool known = user != users.end();
  std::string hash = known ? user->second : nobodys_hash;
  LoginCache::Digest login;
  {
    const std::lock_guard lock(mutex_);
    login = cache_.digest(name, hash, password);
    if (const auto right = cache_.find(login)) co_return *right ? Verdict::right : Verdict::wrong;
  }
  const Place place(waiting_);
  if (place.number() > most_waiting) co_return Verdict::busy;
  const bool same = co_await asio::co_spawn(slow_, compare(std::move(hash), std::move(password)),
                                            asio::use_awaitable);
  const bool right = known && same;
  const std::lock_guard lock(mutex_);
  cache_.keep(login, right);
  co_return right ? Verdict::right : Verdict::wrong;
}

bool parse_basic(std::string_view authorization, std::string& name, std::string& password) {
  const std::size_t space = authorization.find(' ');
  if (space == authorization.npos || !is_basic(authorization.substr(0, space))) return false;
  std::string_view coded = authorization.substr(space + 1);
  while (coded.starts_with(' ')) coded.remove_prefix(1);
  if (coded.empty() || coded.size() % 4 != 0 || coded.size() > longest_login) return false;
  if (coded.find('=') < coded.size() - 2) return false;
  std::string text(coded.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(coded.data()),
                                   static_cast<int>(coded.size()));
  if (size < 0) return false;
  // OpenSSL counts the padding as zero bytes.
  const std::size_t padding = coded.ends_with("==") ? 2 : coded.ends_with("=") ? 1 : 0;
  text.resize(static_cast<std::size_t>(size) - padding);
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return false;
  name = text.substr(0, colon);
  password = text.substr(colon + 1);
  return true;
}

}  // namespace prombraid::guard
