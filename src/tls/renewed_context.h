/// A context that follows its files, so that certificates are rotated without a restart.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "tls/file_stamp.h"
#include "tls/handles.h"

namespace prombraid::tls {

/// One thread's, or guarded by its owner.
class RenewedContext {
 public:
  using Make = std::function<Result<Context>()>;
  /// Told once each time that files changed and gave a context, or did not.
  using Tell = std::function<void(const Result<void>&)>;

  RenewedContext(std::vector<std::string> files, Make make, Tell tell);

  /// The context of the files as they are now. Where they changed and don't fit, as while a
  /// certificate is already replaced and its key is not, the last good one. Costs one stat a file,
  /// and a try each time while one that is there can't be read. Fails only until there was a good
  /// one.
  Result<Context> now();

 private:
  /// `changed`: the files did since the last time, which is told whatever comes of it.
  void make(bool changed);

  std::vector<std::string> files_;
  Make make_;
  Tell tell_;
  std::vector<FileStamp> stamps_;
  Context good_;
  Error problem_;
  bool tried_ = false;
  bool unread_ = false;  ///< as for want of descriptors: no stamp tells when that is over
};

}  // namespace prombraid::tls
