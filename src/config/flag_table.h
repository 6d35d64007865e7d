/// The one list of flags: parsing, --help and whatever else shows them read it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "config/config.h"
#include "config/explain_config.h"

namespace prombraid::config {

struct Flag {
  std::string group;  ///< the heading in --help
  std::string name;   ///< without the dashes
  std::string shown;  ///< behind the `=` in --help: the default, or what kind of value
  bool repeatable = false;
  std::string help;                                     ///< one paragraph
  std::function<Result<void>(const std::string&)> set;  ///< once for each value given
};

/// All flags but --help and --version, in the order of --help. Their `set` write into `config`,
/// which must outlive them; its values now are the defaults shown.
std::vector<Flag> flag_table(Config& config);

/// The same for `prombraid explain`.
std::vector<Flag> explain_flag_table(ExplainConfig& config);

/// The text of --help, 80 columns wide, for the flags of the server or of `explain`.
std::string help_text(const std::vector<Flag>& flags);
std::string explain_help_text(const std::vector<Flag>& flags);

/// The known name that `name` was most likely meant to be; empty where none is near.
std::string nearest_name(const std::vector<Flag>& flags, const std::string& name);

}  // namespace prombraid::config
