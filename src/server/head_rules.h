/// Rules for the head of a request that must hold before any parser is asked: where it ends, and
/// the shapes that two readers of the same bytes could understand differently.
#pragma once

#include <cstddef>
#include <string_view>

#include "server/http.h"
#include "server/options.h"

namespace prombraid::server {

/// Finds the end of a head that arrives in pieces; each byte is looked at once.
class HeadScan {
 public:
  enum class Found {
    more,       ///< no end yet, nothing wrong yet
    end,        ///< `length` bytes are the head, its empty line included
    bare_lf,    ///< a line feed without a carriage return
    fold,       ///< a line that begins with a blank: obs-fold (RFC 9112 §5.2)
    no_method,  ///< the first byte begins no method: TLS, an empty line, noise
    long_line,  ///< the request line is over the limit for targets
    too_long,   ///< no end within the limit for heads
  };

  explicit HeadScan(const HttpLimits& limits) : limits_(limits) {}

  /// `bytes` begin where the head begins and hold all that was given before.
  Found scan(std::string_view bytes);

  std::size_t length() const { return next_; }

 private:
  Found check_line_end(std::string_view bytes);

  HttpLimits limits_;
  std::size_t next_ = 0;        ///< the first byte not looked at
  std::size_t line_start_ = 0;  ///< of the line that `next_` is in
};

/// Splits a request target into path and query. Takes origin-form, absolute-form of http and https
/// (RFC 9112 §3.2.2: a server must), and `*` for OPTIONS; false for anything else and for any byte
/// that is not printable ASCII.
bool split_target(std::string_view target, Request& request);

/// True for one `host` or `host:port` of RFC 3986 §3.2.2, IP literals in brackets; no user, not
/// empty.
bool valid_host(std::string_view host);

/// True where the first line of `head` ends in a well-formed HTTP version that is not 1.x.
bool foreign_version(std::string_view head);

}  // namespace prombraid::server
