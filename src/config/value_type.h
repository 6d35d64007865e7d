/// What kind of value a flag or a key of the configuration file has.
#pragma once

#include <cstdint>

namespace prombraid::config {

enum class ValueType : std::uint8_t {
  text,
  path,    ///< of a file, relative to the one that names it
  secret,  ///< a text that is never shown
  boolean,
  duration,  ///< config/units.h has the form of these three
  size,
  count,
  choice,    ///< one of a few words
  texts,     ///< a list
  text_map,  ///< a map of texts under names of the user's own
  map,       ///< with keys of its own
  maps,      ///< a list of such maps
  map_map,   ///< such maps under names of the user's own
  refused,   ///< known elsewhere and not obeyed here
};

}  // namespace prombraid::config
