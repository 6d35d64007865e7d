#include "tls/renewed_context.h"

#include <algorithm>
#include <utility>

namespace prombraid::tls {

RenewedContext::RenewedContext(std::vector<std::string> files, Make make, Tell tell)
    : files_(std::move(files)), make_(std::move(make)), tell_(std::move(tell)) {}

Result<Context> RenewedContext::now() {
  std::vector<FileStamp> stamps = stamps_of(files_);
  const bool changed = !tried_ || stamps != stamps_;
  if (changed || unread_) {
    // Taken before the files are read: what is written meanwhile shows at the next call.
    stamps_ = std::move(stamps);
    make(changed && tried_);
  }
  if (!good_) return problem_;
  return good_;
}

void RenewedContext::make(bool changed) {
  auto made = make_();
  const bool again = std::exchange(unread_, false);
  tried_ = true;
  if (!made.has_error()) {
    good_ = *std::move(made);
    problem_ = Error();
    if ((changed || again) && tell_) tell_({});
    return;
  }
  problem_ = made.error();
  const bool missing = std::find(stamps_.begin(), stamps_.end(), FileStamp()) != stamps_.end();
  unread_ = problem_.kind == ErrorKind::unavailable && !missing;
  if (changed && tell_) tell_(problem_);
}

}  // namespace prombraid::tls
