/// What somebody who wrote an unknown name most likely meant.
#pragma once

#include <span>
#include <string>

namespace prombraid::config {

/// The one of `known` that `name` is nearest to, by letters inserted, left out or changed; empty
/// where none is near.
std::string nearest_of(std::span<const std::string> known, const std::string& name);

}  // namespace prombraid::config
