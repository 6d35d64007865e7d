/// A DNS server on 127.0.0.1, UDP and TCP on one port, that answers what a test tells it to.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "dns_message.h"

namespace prombraid::discovery::testing {

struct Query {
  std::string name;  ///< lower case, no trailing dot
  RecordType type = RecordType::a;
  unsigned id = 0;
  bool tcp = false;

  /// A reply to it, without records yet.
  Message reply(unsigned rcode = 0) const { return reply_to(name, type, rcode, id); }
};

class ScriptedDns {
 public:
  /// The datagrams (or messages) to send back, in order; none: no answer at all.
  using Script = std::function<std::vector<Message>(const Query&)>;

  ScriptedDns(boost::asio::io_context& io, Script script);
  ~ScriptedDns();

  std::string address() const;  ///< `127.0.0.1:port`
  void set(Script script);
  const std::vector<Query>& queries() const;  ///< everything asked so far
  void forget();                              ///< it

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Runs the loop until `done` says so; false when that takes longer than `seconds`.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& done, int seconds = 10);

}  // namespace prombraid::discovery::testing
