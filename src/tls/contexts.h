/// From options to what connections are made with.
#pragma once

#include <string>

#include "base/error.h"
#include "tls/handles.h"
#include "tls/options.h"

namespace prombraid::tls {

/// Reads every file that the options name. Errors name the key and the file, as `cert_file PATH`:
/// bad_request for content that does not fit, unavailable for a file that can't be read.
Result<Context> client_context(const ClientOptions& options);
Result<Context> server_context(const ServerOptions& options);

/// The files that a context is made of: when one changes it is made anew.
std::vector<std::string> files_of(const ClientOptions& options);
std::vector<std::string> files_of(const ServerOptions& options);

/// One connection's state. A client sends `name` (SNI, unless it is an IP address) and verifies the
/// certificate for it, by its alternative names alone, as Go does; the context of
/// `insecure_skip_verify` verifies nothing.
Result<Ssl> client_ssl(const Context& context, const std::string& name);
Result<Ssl> server_ssl(const Context& context);

}  // namespace prombraid::tls
