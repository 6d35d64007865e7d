/// Errors are values in the core: a kind that decides what happens, and one line of text that says
/// what was wrong and where, fit for a log or a client.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <boost/system/result.hpp>

namespace prombraid {

enum class ErrorKind {
  bad_request,  ///< the client's own fault: 400
  limit,        ///< a stated limit was passed; the text names the limit and its flag
  corrupt,      ///< a peer sent bytes that do not decode
  unsupported,  ///< well formed, but not something this program speaks
  unavailable,  ///< a peer refused, was not found or closed early
  timeout,      ///< a deadline passed
  loop,         ///< a read came back to where it began
  internal,     ///< a broken promise of this program's own
};

/// `kind` in lower case with underscores, as metrics and logs show it.
const char* name_of(ErrorKind kind);

struct Error {
  Error() = default;  ///< what Result::error() gives where there is none
  Error(ErrorKind k, std::string text) : kind(k), what(std::move(text)) {}

  /// The same error with `where: ` in front of its text.
  Error in(const std::string& where) && { return Error(kind, where + ": " + what); }

  ErrorKind kind = ErrorKind::internal;
  std::string what;
};

template <class T>
using Result = boost::system::result<T, Error>;

/// Found by Boost when `.value()` is called on a failed Result: a bug in the caller.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw std::logic_error("unchecked error: " + error.what);
}

}  // namespace prombraid
