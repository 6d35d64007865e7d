/// Fetches an OAuth2 token by client credentials (RFC 6749 section 4.4) and a new one before it
/// ends.
#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "access/options.h"
#include "access/token.h"
#include "base/error.h"

namespace prombraid::replica {

/// Runs on one io_context and its thread, beside all reads: they take what `token` holds. A fetch
/// that fails is logged and made again after 1 s, 2 s, ... 30 s; the old token holds meanwhile.
///
/// The client's id and secret go into `Authorization: Basic` and, where the server refuses that,
/// into the form: what Go's oauth2 does, and so Prometheus.
class TokenSource {
 public:
  /// `token` is shared with whoever sends it. Fails for a token_url that can't be.
  static Result<std::unique_ptr<TokenSource>> make(boost::asio::io_context& io,
                                                   access::OAuth2 options,
                                                   std::shared_ptr<access::Token> token);
  ~TokenSource();

  void start();
  /// The loop can then run out of work.
  void stop();

 private:
  class Impl;
  explicit TokenSource(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace prombraid::replica
