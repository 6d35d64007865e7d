/// Certificates and keys out of PEM text or files, into a context. `name` is the configuration's
/// key for it (`cert`, `ca`): errors call a file `cert_file PATH` and inline text `cert`.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "tls/handles.h"
#include "tls/options.h"

namespace prombraid::tls {

using Certificate = std::unique_ptr<X509, Freed>;

/// All certificates in order, at least one. Errors: unavailable (the file), bad_request (its
/// content).
Result<std::vector<Certificate>> certificates(const Pem& pem, const std::string& name);

/// This side's certificate, its issuers and its key. An encrypted key is an error: nobody is here
/// to be asked for the password.
Result<void> use_certificate(SSL_CTX& context, const Pem& certificate, const Pem& key);

/// Trusts these authorities. For a server with `announce`, their names go to the client, which may
/// choose its certificate by them.
Result<void> trust(SSL_CTX& context, const Pem& authorities, const std::string& name,
                   bool announce);

/// Trusts what the system does: OpenSSL's own place, and where Linux distributions and images keep
/// theirs.
void trust_system(SSL_CTX& context);

}  // namespace prombraid::tls
