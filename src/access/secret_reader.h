/// A secret that is read again when its file changes.
#pragma once

#include <string>

#include "access/options.h"
#include "base/error.h"
#include "tls/file_stamp.h"

namespace prombraid::access {

inline constexpr std::size_t max_secret_bytes = 64 << 10;

/// One thread's.
class SecretReader {
 public:
  SecretReader() = default;
  explicit SecretReader(Credential secret) : secret_(std::move(secret)) {}

  /// The text, or the file's content without white space at both ends, as Prometheus reads it
  /// (FileSecret). Fails where the file can't be read, unless it could before, and where it holds
  /// what no header may: a line break inside. Errors name the file, never the content.
  Result<std::string> now();

 private:
  Result<std::string> read() const;

  Credential secret_;
  tls::FileStamp stamp_;
  Result<std::string> content_ = Error(ErrorKind::internal, "not read yet");
  bool tried_ = false;
  bool unread_ = false;  ///< as for want of descriptors: no stamp tells when that is over
};

}  // namespace prombraid::access
