#include <string>

#include <openssl/err.h>

#include "tls/context_common.h"
#include "tls/contexts.h"
#include "tls/pem.h"
#include "tls/trouble.h"

namespace prombraid::tls {

namespace {

/// RFC 7301: the one protocol that is spoken here.
constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

bool is_address(const std::string& name) {
  ASN1_OCTET_STRING* bytes = a2i_IPADDRESS(name.c_str());
  const bool is = bytes != nullptr;
  ASN1_OCTET_STRING_free(bytes);
  ERR_clear_error();
  return is;
}

bool expect_name(SSL* ssl, const std::string& name) {
  X509_VERIFY_PARAM* verified = SSL_get0_param(ssl);
  // Go looks at alternative names alone too (crypto/x509, VerifyHostname).
  X509_VERIFY_PARAM_set_hostflags(
      verified, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (is_address(name)) return X509_VERIFY_PARAM_set1_ip_asc(verified, name.c_str()) == 1;
  return SSL_set_tlsext_host_name(ssl, name.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(verified, name.data(), name.size()) == 1;
}

Result<void> prove_and_trust(SSL_CTX& context, const ClientOptions& options) {
  if (options.certificate.given() != options.key.given()) {
    return Error(ErrorKind::bad_request, "a certificate and its key go together");
  }
  if (options.certificate.given()) {
    auto used = use_certificate(context, options.certificate, options.key);
    if (used.has_error()) return used;
  }
  if (options.ca.given()) return trust(context, options.ca, "ca", false);
  if (!options.insecure_skip_verify) trust_system(context);
  return {};
}

}  // namespace

Result<Context> client_context(const ClientOptions& options) {
  auto context =
      new_context(TLS_client_method(), options.min_version, options.max_version, nullptr);
  if (context.has_error()) return context;
  SSL_CTX* raw = context->get();
  if (auto done = prove_and_trust(*raw, options); done.has_error()) {
    return std::move(done).error();
  }
  if (!options.insecure_skip_verify) SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, noting_verify);
  SSL_CTX_set_alpn_protos(raw, http11, sizeof http11);
  return context;
}

std::vector<std::string> files_of(const ClientOptions& options) {
  return pem_files({&options.ca, &options.certificate, &options.key});
}

Result<Ssl> client_ssl(const Context& context, const std::string& name) {
  Ssl ssl(SSL_new(context.get()), SslFreed{context});
  if (!ssl || !expect_name(ssl.get(), name)) {
    return Error(ErrorKind::internal, "OpenSSL: " + queued_trouble(false));
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

}  // namespace prombraid::tls
