#include "tls/alternative_names.h"

#include <algorithm>
#include <optional>

#include <arpa/inet.h>

namespace prombraid::tls {

namespace {

std::string text_of(const ASN1_STRING& string) {
  const auto* bytes = reinterpret_cast<const char*>(ASN1_STRING_get0_data(&string));
  return {bytes, static_cast<std::size_t>(ASN1_STRING_length(&string))};
}

std::string address_of(const ASN1_OCTET_STRING& bytes) {
  const int family = ASN1_STRING_length(&bytes) == 4 ? AF_INET : AF_INET6;
  const bool sized = family == AF_INET || ASN1_STRING_length(&bytes) == 16;
  char text[INET6_ADDRSTRLEN];
  if (!sized || !inet_ntop(family, ASN1_STRING_get0_data(&bytes), text, sizeof text)) return {};
  return text;
}

std::string name_of(const GENERAL_NAME& name) {
  switch (name.type) {
    case GEN_DNS:
      return text_of(*name.d.dNSName);
    case GEN_EMAIL:
      return text_of(*name.d.rfc822Name);
    case GEN_URI:
      return text_of(*name.d.uniformResourceIdentifier);
    case GEN_IPADD:
      return address_of(*name.d.iPAddress);
    default:
      return {};
  }
}

}  // namespace

std::vector<std::string> alternative_names(const X509& certificate) {
  const std::unique_ptr<GENERAL_NAMES, Freed> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::vector<std::string> out;
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    std::string name = name_of(*sk_GENERAL_NAME_value(names.get(), i));
    const bool shown =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (shown && !name.empty()) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace prombraid::tls
