/// `prombraid check config FILE` and its kin: is this right, before a server is given it.
#pragma once

#include <span>
#include <string>

namespace prombraid::app {

/// What a command has to say, and the exit code, as promtool's: 0 fine, 1 something is wrong with
/// the file, 2 for a bad command line.
struct Verdict {
  int code = 0;
  std::string out;     ///< for stdout
  std::string errors;  ///< for stderr
};

/// `words` is the command line behind `check`.
Verdict check_command(std::span<const char* const> words);

}  // namespace prombraid::app
