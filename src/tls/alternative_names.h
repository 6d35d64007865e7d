/// The subject alternative names of a certificate (RFC 5280 section 4.2.1.6).
#pragma once

#include <string>
#include <vector>

#include "tls/handles.h"

namespace prombraid::tls {

/// DNS names, IP addresses as text, e-mail addresses and URIs, in the certificate's order. Names
/// with bytes that are not printable ASCII are left out: they match nothing that can be configured,
/// and errors show the others.
std::vector<std::string> alternative_names(const X509& certificate);

}  // namespace prombraid::tls
