/// The one list of flags: parsing, --help and whatever else shows them read it.
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "config/config.h"
#include "config/explain_config.h"
#include "config/read_config.h"
#include "config/value_type.h"

namespace prombraid::config {

/// Takes a flag's value, and says what kind it is.
struct FlagSetter {
  template <class F>
    requires std::invocable<F, const std::string&>
  FlagSetter(F set, ValueType kind = ValueType::text, std::vector<std::string> words = {})
      : apply(std::move(set)), type(kind), choices(std::move(words)) {}

  Result<void> operator()(const std::string& text) const { return apply(text); }

  std::function<Result<void>(const std::string&)> apply;
  ValueType type;
  std::vector<std::string> choices;  ///< of a choice
};

struct Flag {
  std::string group;  ///< the heading in --help
  std::string name;   ///< without the dashes
  std::string shown;  ///< behind the `=` in --help: the default, or what kind of value
  bool repeatable = false;
  std::string help;  ///< one paragraph
  FlagSetter set;    ///< called once for each value given
};

/// All flags but --help and --version, in the order of --help. Their `set` write into `config`,
/// which must outlive them; its values now are the defaults shown.
std::vector<Flag> flag_table(Config& config);

/// The same for `prombraid explain`.
std::vector<Flag> explain_flag_table(ExplainConfig& config);

/// Those of `prombraid read`.
std::vector<Flag> read_flag_table(ReadConfig& config);

/// The text of --help, 80 columns wide, for the flags of the server, of `explain` or
/// `diff`, or of `read`.
std::string help_text(const std::vector<Flag>& flags);
std::string explain_help_text(const std::vector<Flag>& flags, std::string_view command);
std::string read_help_text(const std::vector<Flag>& flags);

/// The known name that `name` was most likely meant to be; empty where none is near.
std::string nearest_name(const std::vector<Flag>& flags, const std::string& name);

}  // namespace prombraid::config
