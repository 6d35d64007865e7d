/// What a plan must know of one replica of the set.
#pragma once

#include <optional>
#include <string>

#include "series/labels.h"

namespace prombraid::query {

struct Member {
  /// Where it is, `ip:port`: how errors and logs name it.
  std::string name;

  /// Unknown until the replica has been asked for its configuration, and where it will not tell.
  std::optional<Labels> external_labels;

  /// Streamed reads can crash this version (2.52.0 to 2.53.1), so it is asked for SAMPLES.
  bool asks_samples = false;
};

}  // namespace prombraid::query
