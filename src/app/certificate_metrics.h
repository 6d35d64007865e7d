/// When this process's own certificates expire, as metrics.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/followed_set.h"
#include "metrics/families.h"
#include "tls/options.h"

namespace prombraid::app {

/// What a scrape, on any thread, shows: a copy that the first thread makes before it, of the files
/// as they are then. One that can't be read is not shown: the log tells of it.
class CertificateFigures {
 public:
  /// `web` is the one that clients are shown; nothing where TLS is not spoken to them.
  void take(const std::optional<tls::Pem>& web, std::span<const FollowedSetPtr> sets);
  void show(metrics::Families& out) const;

 private:
  struct One {
    std::string use;  ///< `server` or `client`
    std::string set;  ///< that a client's certificate is of
    std::int64_t expires = 0;
  };
  static void add(std::vector<One>& out, const tls::Pem& pem, std::string use, std::string set);

  mutable std::mutex mutex_;
  std::vector<One> all_;
};

}  // namespace prombraid::app
