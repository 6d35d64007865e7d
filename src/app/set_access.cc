#include "app/set_access.h"

namespace prombraid::app {

SetAccess::SetAccess(const config::SetConfig& set)
    : name_(set.name),
      connect_timeout_(set.connect_timeout),
      options_(set.access),
      token_(options_.oauth2 ? std::make_shared<access::Token>() : nullptr),
      first_(options_, token_) {}

replica::ConnectOptions SetAccess::connect_options() const {
  replica::ConnectOptions out;
  out.connect_timeout = connect_timeout_;
  out.access = std::make_shared<access::Access>(first_);
  return out;
}

Result<void> SetAccess::check() {
  // Trusting the system's authorities means to read all of them, 20 ms of each reload.
  if (options_ == access::Options()) return {};
  auto checked = first_.check();
  if (!checked.has_error()) return {};
  return Error(ErrorKind::bad_request, checked.error().what).in("replica set " + name_);
}

Result<void> SetAccess::start(boost::asio::io_context& io) {
  if (!options_.oauth2) return {};
  auto source = replica::TokenSource::make(io, *options_.oauth2, token_);
  if (source.has_error()) return std::move(source).error().in("replica set " + name_);
  source_ = *std::move(source);
  source_->start();
  return {};
}

void SetAccess::stop() {
  if (source_) source_->stop();
}

}  // namespace prombraid::app
