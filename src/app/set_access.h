/// How the replicas of one set are reached, for all threads of the process.
#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "access/token.h"
#include "base/error.h"
#include "config/set_config.h"
#include "replica/connections.h"
#include "replica/token_source.h"

namespace prombraid::app {

/// Made before the threads begin; `connect_options` is called once for each thread's connections.
class SetAccess {
 public:
  explicit SetAccess(const config::SetConfig& set);

  /// Reads every file that the set names, and comes before `connect_options`: a thread that made
  /// its first connection while certificates are rotated would have none that fit. Fails with
  /// bad_request, naming set, key and file.
  Result<void> check();

  /// Each call gives an Access of its own, as it is one thread's, which begins with the files as
  /// `check` found them; all share the OAuth2 token.
  replica::ConnectOptions connect_options() const;

  /// Begins to fetch the OAuth2 token on `io`, where the set has one.
  Result<void> start(boost::asio::io_context& io);
  void stop();

 private:
  std::string name_;
  std::chrono::milliseconds connect_timeout_;
  access::Options options_;
  std::shared_ptr<access::Token> token_;  ///< null without oauth2
  access::Access first_;                  ///< what the others are copies of
  std::unique_ptr<replica::TokenSource> source_;
};

}  // namespace prombraid::app
