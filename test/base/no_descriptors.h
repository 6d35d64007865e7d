/// A process that may open nothing more.
#pragma once

#include <cerrno>
#include <system_error>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace prombraid {

/// For as long as it lives, open() fails with EMFILE.
class NoDescriptors {
 public:
  NoDescriptors() {
    // UBSan opens a pipe when it first looks at an object of a class, which it can't do below.
    REQUIRE_FALSE(std::generic_category().message(EMFILE).empty());
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const int next = ::dup(0);
    ::close(next);
    const rlimit none{static_cast<rlim_t>(next), before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  NoDescriptors(const NoDescriptors&) = delete;
  NoDescriptors& operator=(const NoDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace prombraid
