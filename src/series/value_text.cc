#include "series/value_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace prombraid {

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  std::array<char, 32> out;
  return {out.data(), std::to_chars(out.data(), out.data() + out.size(), value).ptr};
}

std::string value_text(DoubleBits bits) {
  return is_stale(bits) ? "stale" : number_text(as_double(bits));
}

}  // namespace prombraid
