/// OpenSSL's objects, freed by their owners.
#pragma once

#include <memory>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace prombraid::tls {

/// Shared by threads: OpenSSL counts and locks inside. Not changed after it was made.
using Context = std::shared_ptr<SSL_CTX>;

struct Freed {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};

/// Keeps the context alive, whose callbacks a handshake runs.
struct SslFreed {
  Context context;
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

using Ssl = std::unique_ptr<SSL, SslFreed>;

}  // namespace prombraid::tls
