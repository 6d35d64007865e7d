/// Quoted strings, as PromQL takes them over from Go.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace prombraid::query {

/// The meaning of the quoted string that `text` begins with (" or ' with escapes, ` without), and
/// how many bytes of `text` it takes with its quotes (util/strutil/quote.go, Unquote).
struct Quoted {
  std::string value;
  std::size_t length = 0;
};

/// What is wrong, and at which byte of the text, counted from 0.
struct QuoteFault {
  std::size_t at = 0;
  const char* what = "";
};

boost::system::result<Quoted, QuoteFault> read_quoted(std::string_view text);

[[noreturn]] inline void throw_exception_from_error(const QuoteFault& fault,
                                                    const boost::source_location& where) {
  prombraid::throw_exception_from_error(Error(ErrorKind::bad_request, fault.what), where);
}

}  // namespace prombraid::query
