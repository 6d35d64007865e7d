/// Who may see what: what of a request goes on to the replicas, and which series it is held to.
#pragma once

#include <string>
#include <vector>

namespace prombraid::config {

/// A label that every query is held to by an equality matcher; none where `name` is empty. Exactly
/// one of `header` and `value` is not empty then.
struct EnforcedLabel {
  std::string name;
  std::string header;  ///< the request header that brings the value
  std::string value;   ///< the same value for all

  bool operator==(const EnforcedLabel&) const = default;
};

struct Tenants {
  std::vector<std::string> pass_headers;  ///< names of request headers; no other is passed on
  EnforcedLabel enforce_label;

  bool operator==(const Tenants&) const = default;
};

}  // namespace prombraid::config
