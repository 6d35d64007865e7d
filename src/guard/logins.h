/// Checks names and passwords without holding up the threads that serve.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "guard/login_cache.h"

namespace prombraid::guard {

enum class Verdict { right, wrong, busy };

/// Used by all threads. bcrypt runs on one thread of its own, one login at a time: a flood of
/// guesses costs one core and not the service. A login that is known is answered at once.
class Logins {
 public:
  using Users = std::map<std::string, std::string>;  ///< bcrypt hashes by name

  Logins();
  ~Logins();

  /// `busy` where too many wait already. Resumes on the caller's executor.
  boost::asio::awaitable<Verdict> check(const Users& users, std::string name, std::string password);

  static constexpr unsigned most_waiting = 32;

 private:
  LoginCache cache_;
  std::mutex mutex_;  ///< of the cache
  std::atomic<unsigned> waiting_{0};
  boost::asio::thread_pool slow_{1};
};

/// Name and password of `Authorization: Basic` (RFC 7617); false where it is not of that form.
bool parse_basic(std::string_view authorization, std::string& name, std::string& password);

}  // namespace prombraid::guard
