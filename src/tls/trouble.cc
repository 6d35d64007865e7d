#include "tls/trouble.h"

#include <algorithm>

#include <openssl/err.h>

#include "tls/alternative_names.h"

namespace prombraid::tls {

namespace {

using Bytes = std::unique_ptr<BIO, Freed>;

std::string text_of(BIO& bytes) {
  char* begin = nullptr;
  const long size = BIO_get_mem_data(&bytes, &begin);
  std::string text(begin, static_cast<std::size_t>(std::max(size, 0L)));
  // A peer chose these characters.
  for (char& c : text) c = c >= ' ' && c <= '~' ? c : '.';
  return text.substr(0, 256);
}

std::string time_of(const ASN1_TIME* time) {
  const Bytes bytes(BIO_new(BIO_s_mem()));
  ASN1_TIME_print_ex(bytes.get(), time, ASN1_DTFLGS_ISO8601);
  return text_of(*bytes);
}

std::string name_of(const X509_NAME* name) {
  const Bytes bytes(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bytes.get(), name, 0, XN_FLAG_RFC2253);
  return text_of(*bytes);
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 5;
  if (names.empty()) return "no name at all";
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), shown); ++i) {
    out += (i == 0 ? "" : ", ") + names[i].substr(0, 128);
  }
  return names.size() > shown ? out + " and more" : out;
}

/// An alert that the other side sent (RFC 8446 section 6.2).
std::string alert_trouble(int alert, bool server) {
  // OpenSSL 3.0 has no word for this one.
  const char* word = alert == SSL_AD_CERTIFICATE_REQUIRED ? "certificate required"
                                                          : SSL_alert_desc_string_long(alert);
  const std::string named = std::string("the other side ended TLS with the alert \"") + word + '"';
  switch (alert) {
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
      return named + (server ? ": it does not trust this server's certificate"
                             : ": it wants another client certificate (tls_config: cert_file, "
                               "key_file) or does not trust the one it got");
    case SSL_AD_CERTIFICATE_REQUIRED:
      return named + ": it wants a client certificate (tls_config: cert_file, key_file)";
    case SSL_AD_PROTOCOL_VERSION:
    case SSL_AD_HANDSHAKE_FAILURE:
      return named + ": no version or cipher suite in common, or it wants a client certificate";
    case SSL_AD_UNRECOGNIZED_NAME:
      return named + ": it has no certificate for the name asked for (tls_config: server_name)";
    default:
      return named;
  }
}

std::string own_trouble(int reason, bool server) {
  switch (reason) {
    case SSL_R_HTTP_REQUEST:
      return "the client spoke plain HTTP; it must use https://";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
      return server ? "what the client sent is no TLS"
                    : "the other side does not speak TLS; use http:// for it, or give it TLS";
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "the client gave no certificate, and one is required";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
      return "no TLS version in common";
    case SSL_R_NO_SHARED_CIPHER:
      return "no cipher suite in common";
    default:
      const char* text = ERR_reason_error_string(ERR_PACK(ERR_LIB_SSL, 0, reason));
      return text ? text : "TLS error " + std::to_string(reason);
  }
}

}  // namespace

std::string verify_trouble(X509_STORE_CTX& store) {
  const int error = X509_STORE_CTX_get_error(&store);
  const X509* certificate = X509_STORE_CTX_get_current_cert(&store);
  const std::string plain = X509_verify_cert_error_string(error);
  if (!certificate) return plain;
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the certificate is not for the name asked for, but for " +
             listed(alternative_names(*certificate));
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the certificate of " + name_of(X509_get_subject_name(certificate)) + " expired at " +
             time_of(X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the certificate of " + name_of(X509_get_subject_name(certificate)) +
             " is not valid before " + time_of(X509_get0_notBefore(certificate));
    default:
      return "the certificate of " + name_of(X509_get_subject_name(certificate)) + ", issued by " +
             name_of(X509_get_issuer_name(certificate)) + ", is not trusted: " + plain;
  }
}

std::string queued_trouble(bool server) {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  if (first == 0) return "TLS failed without a reason";
  const int reason = ERR_GET_REASON(first);
  if (ERR_GET_LIB(first) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET) {
    return alert_trouble(reason - SSL_AD_REASON_OFFSET, server);
  }
  if (ERR_GET_LIB(first) == ERR_LIB_SSL) return own_trouble(reason, server);
  const char* text = ERR_reason_error_string(first);
  return text ? text : "OpenSSL error " + std::to_string(first);
}

}  // namespace prombraid::tls
