/// What `--web.config.file` says, held against every connection and request.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "config/web_config.h"
#include "guard/bucket.h"
#include "guard/logins.h"
#include "server/guard.h"
#include "tls/renewed_context.h"

namespace prombraid::guard {

/// Used by all threads. The file and the certificates are looked at again, by a stat, at most once
/// a second for requests and at each TLS handshake. What was written and is no good changes nothing
/// and is logged. What can't change while the process runs is whether TLS is spoken, and the rate
/// limit begins anew with each change.
class WebGuard final : public server::Guard {
 public:
  /// Reads the file and all that it names. Fails as config::read_web_config and
  /// tls::server_context do.
  static Result<std::unique_ptr<WebGuard>> open(const std::string& file);

  /// The same reading, for `prombraid check web-config`.
  static Result<void> check(const std::string& file);

  bool secures() const override { return secures_; }
  Result<tls::Ssl> ssl() override;
  boost::asio::awaitable<std::optional<server::Response>> admit(
      const server::Request& request) override;
  Headers headers() const override;

  /// What clients are shown; nothing where TLS is not spoken.
  std::optional<tls::Pem> certificate() const;

 private:
  /// What one version of the file says; immutable but for the bucket, which has a lock.
  struct Rules {
    config::WebConfig config;
    Headers headers;
    std::mutex mutex;
    std::optional<Bucket> bucket;
  };
  using RulesPtr = std::shared_ptr<Rules>;

  WebGuard(std::string file, config::WebConfig config);

  static RulesPtr rules_of(config::WebConfig config);
  RulesPtr rules() const;
  RulesPtr fresh_rules();
  void reread();
  std::optional<server::Response> limit(Rules& rules) const;
  boost::asio::awaitable<std::optional<server::Response>> authenticate(
      RulesPtr rules, const server::Request& request);

  const std::string file_;
  const bool secures_;
  mutable std::mutex mutex_;  ///< of what follows
  RulesPtr rules_;
  tls::FileStamp stamp_;
  std::unique_ptr<tls::RenewedContext> context_;
  std::atomic<std::chrono::steady_clock::duration::rep> next_look_{0};
  Logins logins_;
};

}  // namespace prombraid::guard
