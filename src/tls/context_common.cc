#include "tls/context_common.h"

#include <string>

#include <openssl/err.h>

#include "tls/trouble.h"

namespace prombraid::tls {

namespace {

int number_of(Version version) {
  return version == Version::tls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
}

}  // namespace

Result<Context> new_context(const SSL_METHOD* method, Version min, Version max,
                            std::shared_ptr<const void> keep) {
  SSL_CTX* raw = SSL_CTX_new(method);
  if (!raw) return Error(ErrorKind::internal, "OpenSSL: " + queued_trouble(false));
  Context context(raw, [keep = std::move(keep)](SSL_CTX* context) { SSL_CTX_free(context); });
  SSL_CTX_set_min_proto_version(raw, number_of(min));
  SSL_CTX_set_max_proto_version(raw, number_of(max));
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // An idle connection would hold two buffers of 17 KiB. A record is retried from wherever its
  // bytes are then, and each one that is out counts as written.
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Else each record costs two system calls, one for its head.
  SSL_CTX_set_read_ahead(raw, 1);
  return context;
}

std::vector<std::string> pem_files(std::initializer_list<const Pem*> pems) {
  std::vector<std::string> files;
  for (const Pem* pem : pems) {
    if (!pem->file.empty()) files.push_back(pem->file);
  }
  return files;
}

std::string* refusal_of(SSL* ssl) {
  return static_cast<std::string*>(SSL_get_app_data(ssl));
}

void keep_refusal(SSL* ssl, std::string* text) {
  SSL_set_app_data(ssl, text);
}

int noting_verify(int fine, X509_STORE_CTX* store) {
  if (fine == 1) return 1;
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  std::string* refusal = ssl ? refusal_of(ssl) : nullptr;
  if (refusal && refusal->empty()) *refusal = verify_trouble(*store);
  return 0;
}

}  // namespace prombraid::tls
