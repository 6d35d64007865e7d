#include "app/certificate_metrics.h"

#include "tls/expiry.h"

namespace prombraid::app {

void CertificateFigures::add(std::vector<One>& out, const tls::Pem& pem, std::string use,
                             std::string set) {
  const auto expires = tls::expires_at(pem);
  if (expires.has_error()) return;
  out.push_back({std::move(use), std::move(set), *expires});
}

void CertificateFigures::take(const std::optional<tls::Pem>& web,
                              std::span<const FollowedSetPtr> sets) {
  std::vector<One> now;
  if (web) add(now, *web, "server", "");
  for (const FollowedSetPtr& set : sets) {
    const tls::Pem& own = set->config().access.tls.certificate;
    if (own.given()) add(now, own, "client", set->config().name);
  }
  const std::lock_guard lock(mutex_);
  all_ = std::move(now);
}

void CertificateFigures::show(metrics::Families& out) const {
  const std::lock_guard lock(mutex_);
  out.gauge("tls_certificate_expiry_timestamp_seconds",
            "When a certificate of this process, or of its issuers in the same file, expires: the "
            "web server's, or the one that a set's replicas are shown.");
  for (const One& one : all_) {
    out.add(static_cast<double>(one.expires), {{"use", one.use}, {"set", one.set}});
  }
}

}  // namespace prombraid::app
