/// Certificates made for one test: nothing of them is kept.
#pragma once

#include <string>

namespace prombraid::tls {

/// A certificate and its key in PEM.
struct Issued {
  std::string certificate;
  std::string key;
};

/// Days from now at which it begins and ends.
struct Life {
  int from = -1;
  int to = 1;
};

/// An authority that signs what it is asked to.
class Authority {
 public:
  explicit Authority(const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  const std::string& certificate() const { return own_.certificate; }

  /// `names` as OpenSSL's subjectAltName: `DNS:prom,IP:127.0.0.1`.
  Issued issue(const std::string& names, Life life = {}) const;

 private:
  struct Parts;
  Parts* parts_;
  Issued own_;
};

}  // namespace prombraid::tls
