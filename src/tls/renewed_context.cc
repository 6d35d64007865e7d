#include "tls/renewed_context.h"

#include <utility>

namespace prombraid::tls {

RenewedContext::RenewedContext(std::vector<std::string> files, Make make, Tell tell)
    : files_(std::move(files)), make_(std::move(make)), tell_(std::move(tell)) {}

Result<Context> RenewedContext::now() {
  std::vector<FileStamp> stamps = stamps_of(files_);
  if (!tried_ || stamps != stamps_) {
    // Taken before the files are read: what is written meanwhile shows at the next call.
    stamps_ = std::move(stamps);
    auto made = make_();
    const bool first = !std::exchange(tried_, true);
    if (made.has_error()) {
      problem_ = made.error();
    } else {
      good_ = *std::move(made);
      problem_ = Error();
    }
    if (!first && tell_) {
      tell_(problem_.what.empty() ? Result<void>() : Result<void>(problem_));
    }
  }
  if (!good_) return problem_;
  return good_;
}

}  // namespace prombraid::tls
