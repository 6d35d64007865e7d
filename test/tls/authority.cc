#include "tls/authority.h"

#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tls/handles.h"

namespace prombraid::tls {

namespace {

using Certificate = std::unique_ptr<X509, Freed>;
using Key = std::unique_ptr<EVP_PKEY, Freed>;
using Bytes = std::unique_ptr<BIO, Freed>;

std::string text_of(BIO& bytes) {
  char* begin = nullptr;
  const long size = BIO_get_mem_data(&bytes, &begin);
  return {begin, static_cast<std::size_t>(size)};
}

Issued written(X509* certificate, EVP_PKEY* key) {
  const Bytes first(BIO_new(BIO_s_mem()));
  const Bytes second(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(first.get(), certificate);
  PEM_write_bio_PrivateKey(second.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return {text_of(*first), text_of(*second)};
}

void extend(X509* certificate, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate blank(EVP_PKEY* key, const std::string& name, Life life) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
  X509_time_adj_ex(X509_getm_notBefore(certificate.get()), life.from, 0, nullptr);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), life.to, 0, nullptr);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

}  // namespace

struct Authority::Parts {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

Authority::Authority(const std::string& name) : parts_(new Parts) {
  parts_->certificate = blank(parts_->key.get(), name, {-2, 2});
  X509* raw = parts_->certificate.get();
  X509_set_issuer_name(raw, X509_get_subject_name(raw));
  extend(raw, NID_basic_constraints, "critical,CA:TRUE");
  extend(raw, NID_key_usage, "critical,keyCertSign");
  X509_sign(raw, parts_->key.get(), EVP_sha256());
  own_ = written(raw, parts_->key.get());
}

Authority::~Authority() {
  delete parts_;
}

Issued Authority::issue(const std::string& names, Life life) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = blank(key.get(), "leaf", life);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(parts_->certificate.get()));
  if (!names.empty()) extend(certificate.get(), NID_subject_alt_name, names);
  X509_sign(certificate.get(), parts_->key.get(), EVP_sha256());
  return written(certificate.get(), key.get());
}

}  // namespace prombraid::tls
