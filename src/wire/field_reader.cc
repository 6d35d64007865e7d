#include "wire/field_reader.h"

#include <string>

namespace prombraid::wire {

Error FieldReader::error(ErrorKind kind, const char* message) const {
  return Error(kind, std::string(message) + ": field " + std::to_string(number_) + ": " +
                         (problem_ != nullptr ? problem_ : "no problem"));
}

}  // namespace prombraid::wire
