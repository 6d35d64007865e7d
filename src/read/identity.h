/// Whether one address leads to one process: a load balancer in front of replicas shows as another
/// process at every other connection.
#pragma once

#include <string>
#include <vector>

#include "replica/facts.h"

namespace prombraid::read {

/// Follows the looks at one endpoint, each made on a connection of its own. A replica that is
/// restarted says a later start time than before, and never again an earlier one. Where a start
/// time comes back, or one is older than the last, several processes answer.
class IdentityWatch {
 public:
  enum class Seen {
    same,     ///< as at the last look
    other,    ///< another process: restarted, or one of several
    several,  ///< certainly one of several
  };

  Seen look(const replica::ReplicaFacts& facts);

  /// Several processes were seen at this address, and not one alone ever since.
  bool several() const { return several_; }

 private:
  static constexpr std::size_t remembered = 16;
  static constexpr unsigned calm_looks = 20;  ///< as many in a row of one process: it is alone now

  std::vector<std::string> seen_;  ///< the last one at the end
  unsigned calm_ = 0;
  bool several_ = false;
};

}  // namespace prombraid::read
