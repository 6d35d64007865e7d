#include <algorithm>
#include <string>

#include <openssl/err.h>

#include "tls/alternative_names.h"
#include "tls/context_common.h"
#include "tls/contexts.h"
#include "tls/pem.h"
#include "tls/trouble.h"

namespace prombraid::tls {

namespace {

/// What the callbacks of one context look at.
struct Rules {
  std::vector<std::string> allowed_sans;
};

SSL* ssl_of(X509_STORE_CTX* store) {
  return static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
}

bool has_allowed_san(SSL* ssl, const X509& certificate) {
  const auto* rules = static_cast<const Rules*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  if (rules->allowed_sans.empty()) return true;
  const std::vector<std::string> names = alternative_names(certificate);
  return std::any_of(names.begin(), names.end(), [rules](const std::string& name) {
    return std::find(rules->allowed_sans.begin(), rules->allowed_sans.end(), name) !=
           rules->allowed_sans.end();
  });
}

int check_leaf(X509_STORE_CTX* store) {
  if (X509_STORE_CTX_get_error_depth(store) != 0) return 1;
  SSL* ssl = ssl_of(store);
  if (has_allowed_san(ssl, *X509_STORE_CTX_get_current_cert(store))) return 1;
  if (std::string* refusal = refusal_of(ssl)) {
    *refusal = "the client's certificate has none of the names in client_allowed_sans";
  }
  X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

int verify(int fine, X509_STORE_CTX* store) {
  return noting_verify(fine, store) == 1 ? check_leaf(store) : 0;
}

/// RequestClientCert and RequireAnyClientCert look at no chain.
int accept_any(int, X509_STORE_CTX* store) {
  return check_leaf(store);
}

void set_client_auth(SSL_CTX* context, ClientAuth auth) {
  constexpr int required = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  switch (auth) {
    case ClientAuth::none:
      SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
      return;
    case ClientAuth::request:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, accept_any);
      break;
    case ClientAuth::require_any:
      SSL_CTX_set_verify(context, required, accept_any);
      break;
    case ClientAuth::verify_if_given:
      SSL_CTX_set_verify(context, SSL_VERIFY_PEER, verify);
      break;
    case ClientAuth::require_and_verify:
      SSL_CTX_set_verify(context, required, verify);
      break;
  }
  // A resumed session would not be verified again, though authorities may have changed.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
}

/// RFC 7301 section 3.2: a client that offers protocols, none of them ours, is told so.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  static constexpr unsigned char http11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  auto** chosen = const_cast<unsigned char**>(out);
  const int found = SSL_select_next_proto(chosen, out_size, http11, sizeof http11, in, in_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ":") + name;
  return out;
}

Result<void> set_preferences(SSL_CTX* context, const ServerOptions& options) {
  const std::string ciphers = joined(options.ciphers);
  if (!ciphers.empty() && SSL_CTX_set_cipher_list(context, ciphers.c_str()) != 1) {
    ERR_clear_error();
    return Error(ErrorKind::bad_request, "cipher_suites: OpenSSL has none of them");
  }
  const std::string curves = joined(options.curves);
  if (!curves.empty() && SSL_CTX_set1_groups_list(context, curves.c_str()) != 1) {
    ERR_clear_error();
    return Error(ErrorKind::bad_request, "curve_preferences: OpenSSL lacks one of them");
  }
  if (options.prefer_server_ciphers) {
    SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  }
  return {};
}

Result<void> set_trust(SSL_CTX* context, const ServerOptions& options) {
  if (options.client_ca.given()) return trust(*context, options.client_ca, "client_ca", true);
  trust_system(*context);
  return {};
}

}  // namespace

Result<Context> server_context(const ServerOptions& options) {
  auto rules = std::make_shared<Rules>();
  rules->allowed_sans = options.client_allowed_sans;
  auto context = new_context(TLS_server_method(), options.min_version, options.max_version, rules);
  if (context.has_error()) return context;
  SSL_CTX* raw = context->get();
  SSL_CTX_set_app_data(raw, rules.get());
  static constexpr unsigned char session[] = "prombraid";
  SSL_CTX_set_session_id_context(raw, session, sizeof session - 1);
  SSL_CTX_set_alpn_select_cb(raw, choose_protocol, nullptr);
  auto done = use_certificate(*raw, options.certificate, options.key);
  if (!done.has_error()) done = set_preferences(raw, options);
  const bool verifies = options.client_auth == ClientAuth::verify_if_given ||
                        options.client_auth == ClientAuth::require_and_verify;
  if (!done.has_error() && verifies) done = set_trust(raw, options);
  if (done.has_error()) return std::move(done).error();
  set_client_auth(raw, options.client_auth);
  return context;
}

std::vector<std::string> files_of(const ServerOptions& options) {
  return pem_files({&options.certificate, &options.key, &options.client_ca});
}

Result<Ssl> server_ssl(const Context& context) {
  Ssl ssl(SSL_new(context.get()), SslFreed{context});
  if (!ssl) return Error(ErrorKind::internal, "OpenSSL: " + queued_trouble(true));
  SSL_set_accept_state(ssl.get());
  return ssl;
}

}  // namespace prombraid::tls
