/// The seam between discovery and DNS.
#pragma once

#include <functional>
#include <string>

#include "discovery/answer.h"

namespace prombraid::discovery {

class Resolver {
 public:
  using Done = std::function<void(Answer)>;

  virtual ~Resolver() = default;

  /// Calls `done` exactly once, later, on the event loop: never from within this call, and not any
  /// more after cancel() or destruction. Many lookups may be under way at once.
  virtual void lookup(const std::string& name, RecordType type, Done done) = 0;

  /// Forgets every lookup under way.
  virtual void cancel() = 0;
};

}  // namespace prombraid::discovery
