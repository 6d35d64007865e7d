#include "tls/expiry.h"

#include <algorithm>
#include <ctime>
#include <limits>

#include "tls/pem.h"

namespace prombraid::tls {

Result<std::int64_t> expires_at(const Pem& pem) {
  const auto all = certificates(pem, "cert");
  if (all.has_error()) return all.error();
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  for (const Certificate& one : *all) {
    std::tm when{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(one.get()), &when) != 1) {
      return Error(ErrorKind::bad_request, "cert: its end is no time");
    }
    first = std::min<std::int64_t>(first, timegm(&when));
  }
  return first;
}

}  // namespace prombraid::tls
