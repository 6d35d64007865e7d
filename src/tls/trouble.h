/// What went wrong in TLS, in words that name the cure.
#pragma once

#include <string>

#include "tls/handles.h"

namespace prombraid::tls {

/// Why the certificate being verified is not taken; for a verify callback that was told so.
std::string verify_trouble(X509_STORE_CTX& store);

/// The first error of OpenSSL's queue, which is emptied. `server`: this side is the server.
std::string queued_trouble(bool server);

}  // namespace prombraid::tls
