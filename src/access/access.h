/// What goes with every connection and request to the replicas of one set: TLS and credentials.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "access/options.h"
#include "access/secret_reader.h"
#include "access/token.h"
#include "base/error.h"
#include "tls/handles.h"
#include "tls/renewed_context.h"

namespace prombraid::access {

/// One thread's, as it reads files again when they change. A copy begins with what was read so far.
class Access {
 public:
  /// `token` where the options have `oauth2`: whoever fetches it also holds it.
  Access(Options options, std::shared_ptr<const Token> token);

  /// Reads all files once, so that what is wrong with them shows when the process starts.
  Result<void> check();

  /// Some header goes with each request: `header_lines` need not be called otherwise.
  bool sends_headers() const { return sends_headers_; }

  /// Header lines for a request, each with its CRLF; empty where nothing is configured. Errors
  /// (unavailable) name the key and the file. With `oauth2` and no token that holds it fails as
  /// well; see `awaits_token`.
  Result<std::string> header_lines();

  /// No token has been fetched yet and no fetch has failed: one may come in a moment.
  bool awaits_token() const;

  /// For a TLS connection to a replica called `host` (an IP address where it has no name).
  Result<tls::Ssl> ssl(const std::string& host);

  /// `text` without the secrets that requests carry: a replica may quote what it was sent.
  std::string without_secrets(std::string text);

 private:
  struct Header {
    std::string name;
    std::vector<SecretReader> values;
  };

  Result<std::string> authorization();
  Result<std::string> basic();

  Options options_;
  bool sends_headers_;
  std::shared_ptr<const Token> token_;
  tls::RenewedContext context_;
  SecretReader username_;
  SecretReader password_;
  SecretReader credentials_;
  std::vector<Header> headers_;
};

}  // namespace prombraid::access
