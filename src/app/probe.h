/// `prombraid check healthy|ready`: asks a running process how it is, for health checks of
/// containers that have neither a shell nor curl.
#pragma once

#include <chrono>
#include <string>

#include "base/error.h"

namespace prombraid::app {

/// What a process said to a GET.
struct Probed {
  unsigned status = 0;
  std::string text;  ///< printable, at most 1 KiB
};

/// `url` is `http://host:port`, with a path where the process has a prefix; `path` is added to it.
/// Fails with bad_request on an URL that is none, with unavailable or timeout where nobody answers.
Result<Probed> probe(const std::string& url, const std::string& path,
                     std::chrono::milliseconds timeout);

}  // namespace prombraid::app
