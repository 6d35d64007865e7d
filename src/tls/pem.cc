#include "tls/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include "tls/small_file.h"

namespace prombraid::tls {

namespace {

using Key = std::unique_ptr<EVP_PKEY, Freed>;
using Bytes = std::unique_ptr<BIO, Freed>;

std::string where(const Pem& pem, const std::string& name) {
  return pem.file.empty() ? name : name + "_file " + pem.file;
}

Error wrong(const Pem& pem, const std::string& name, const std::string& what) {
  ERR_clear_error();
  return Error(ErrorKind::bad_request, where(pem, name) + ": " + what);
}

Result<std::string> text_of(const Pem& pem, const std::string& name) {
  if (pem.file.empty()) return pem.text;
  auto text = read_small_file(pem.file, max_pem_bytes);
  if (text.has_error()) return std::move(text).error().in(name + "_file");
  return text;
}

Bytes bytes_of(const std::string& text) {
  return Bytes(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// OpenSSL would ask for a password on the terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

Result<Key> private_key(const Pem& pem) {
  auto text = text_of(pem, "key");
  if (text.has_error()) return std::move(text).error();
  Key key(PEM_read_bio_PrivateKey(bytes_of(*text).get(), nullptr, no_password, nullptr));
  OPENSSL_cleanse(text->data(), text->size());
  if (!key) return wrong(pem, "key", "no private key in PEM form that is not encrypted");
  return key;
}

}  // namespace

Result<std::vector<Certificate>> certificates(const Pem& pem, const std::string& name) {
  const auto text = text_of(pem, name);
  if (text.has_error()) return text.error();
  const Bytes bytes = bytes_of(*text);
  std::vector<Certificate> all;
  while (X509* one = PEM_read_bio_X509(bytes.get(), nullptr, no_password, nullptr)) {
    all.emplace_back(one);
  }
  const unsigned long stopped = ERR_peek_last_error();
  const bool at_end =
      ERR_GET_LIB(stopped) == ERR_LIB_PEM && ERR_GET_REASON(stopped) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (all.empty()) return wrong(pem, name, "no certificate in PEM form");
  if (!at_end) {
    return wrong(pem, name, "certificate " + std::to_string(all.size() + 1) + " is damaged");
  }
  return all;
}

Result<void> use_certificate(SSL_CTX& context, const Pem& certificate, const Pem& key) {
  auto chain = certificates(certificate, "cert");
  if (chain.has_error()) return std::move(chain).error();
  const auto own = private_key(key);
  if (own.has_error()) return own.error();
  if (SSL_CTX_use_certificate(&context, chain->front().get()) != 1) {
    return wrong(certificate, "cert", "OpenSSL does not accept it (a key that is too short?)");
  }
  if (SSL_CTX_use_PrivateKey(&context, own->get()) != 1 ||
      SSL_CTX_check_private_key(&context) != 1) {
    return wrong(key, "key", "not the key of " + where(certificate, "cert"));
  }
  for (std::size_t i = 1; i < chain->size(); ++i) {
    if (SSL_CTX_add0_chain_cert(&context, (*chain)[i].get()) != 1) {
      return wrong(certificate, "cert", "issuer " + std::to_string(i) + " is not accepted");
    }
    (void)(*chain)[i].release();  // the context's now
  }
  return {};
}

Result<void> trust(SSL_CTX& context, const Pem& authorities, const std::string& name,
                   bool announce) {
  const auto all = certificates(authorities, name);
  if (all.has_error()) return all.error();
  X509_STORE* store = SSL_CTX_get_cert_store(&context);
  for (const Certificate& one : *all) {
    if (X509_STORE_add_cert(store, one.get()) != 1 ||
        (announce && SSL_CTX_add_client_CA(&context, one.get()) != 1)) {
      return wrong(authorities, name, "an authority is not accepted");
    }
  }
  return {};
}

void trust_system(SSL_CTX& context) {
  SSL_CTX_set_default_verify_paths(&context);
  for (const char* bundle :
       {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
    SSL_CTX_load_verify_file(&context, bundle);
  }
  ERR_clear_error();
}

}  // namespace prombraid::tls
