/// Reads files that hold certificates, keys and passwords.
#pragma once

#include <cstddef>
#include <string>

#include "base/error.h"

namespace prombraid::tls {

inline constexpr std::size_t max_pem_bytes = std::size_t{4} << 20;  // a whole system's authorities

/// The whole of `file`. Fails with unavailable, naming the file and the system's reason; with limit
/// where it holds more than `max_bytes`. Nothing of its content is ever in an error.
Result<std::string> read_small_file(const std::string& file, std::size_t max_bytes);

}  // namespace prombraid::tls
