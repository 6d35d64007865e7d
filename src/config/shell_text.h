/// What packages and shells want to know of the command line, made from the flag table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/flag_table.h"

namespace prombraid::config {

/// What `--help-man`, `--completion-script-bash` or `--completion-script-zsh` prints; nothing for
/// any other word.
std::optional<std::string> shell_text(std::string_view word);

/// A page of section 1 in roff, for man(1).
std::string man_page(const std::vector<Flag>& flags);

/// Scripts that complete flags, commands, files and the values of choices.
std::string bash_completion(const std::vector<Flag>& flags);
std::string zsh_completion(const std::vector<Flag>& flags);

}  // namespace prombraid::config
