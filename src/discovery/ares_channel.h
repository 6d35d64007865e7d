/// One c-ares channel on an Asio event loop. Internal to this room.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "base/error.h"
#include "discovery/answer.h"
#include "discovery/cares_resolver.h"

namespace prombraid::discovery {

/// The rules of c-ares 1.18 that it is built around:
///  - one thread only; there is no locking before 1.23;
///  - it announces a descriptor as unwanted *before* it closes it, so the watch lets go of it then
///    and never closes it itself; numbers are used again within one call;
///  - its callback may come from within the call that starts a lookup, and must neither start nor
///    destroy anything: whoever is called here has to post.
class AresChannel {
 public:
  using Done = std::function<void(Answer)>;

  virtual ~AresChannel() = default;  ///< lookups under way end with the failure "restarted"

  /// Never from within a `done`, which may be called before this returns.
  virtual void search(const std::string& name, RecordType type, Done done) = 0;

  /// Reads resolv.conf.
  static Result<std::shared_ptr<AresChannel>> open(boost::asio::io_context& io,
                                                   const CaresOptions& options);
};

}  // namespace prombraid::discovery
