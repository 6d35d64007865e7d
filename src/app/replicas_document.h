/// What is known of the replicas, as JSON for the page and for scripts.
#pragma once

#include <span>

#include <boost/json/value.hpp>

#include "app/status_page.h"

namespace prombraid::app {

/// `{"version","now","sets":[...],"dns":[...]}`; docs/api.md has all members.
/// Text that a replica sent is printable by now; the page never makes markup of it.
boost::json::value replicas_document(std::span<const SetStatus> statuses);

}  // namespace prombraid::app
