#include "config/flags.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "config/config_file.h"
#include "config/flag_table.h"
#include "config/version.h"

namespace prombraid::config {

namespace {

Exit usage_error(const std::string& what) {
  return {2, "prombraid: error: " + what + "\nTry prombraid --help.\n"};
}

/// Tells CLI11 of all flags, each as a list of texts: what they mean is the table's own matter.
void declare(CLI::App& app, const std::vector<Flag>& flags) {
  app.set_help_flag("-h,--help");
  app.set_version_flag("--version", version_text());
  app.allow_extras();
  for (const Flag& flag : flags) {
    if (flag.set.type == ValueType::boolean) {
      app.add_flag("--" + flag.name + ",!--no-" + flag.name);
      continue;
    }
    app.add_option("--" + flag.name, [](const CLI::results_t&) { return true; })
        ->expected(1, CLI::detail::expected_max_vector_size)
        ->allow_extra_args(false);  // one value behind each mention of the flag
  }
}

Exit unknown_argument(const std::vector<Flag>& flags, const std::string& argument) {
  if (!argument.starts_with('-') || argument == "-" || argument == "--") {
    return usage_error("unexpected argument '" + argument + "'");
  }
  std::string name = argument.substr(argument.starts_with("--") ? 2 : 1);
  name.resize(std::min(name.find('='), name.size()));
  std::string what = "unknown flag '" + argument + "'";
  const std::string nearest = nearest_name(flags, name);
  if (!nearest.empty()) what += ", did you mean '--" + nearest + "'?";
  return usage_error(what);
}

Result<void> set_values(const Flag& flag, const std::vector<std::string>& values) {
  if (values.size() > 1 && !flag.repeatable) {
    return Error(ErrorKind::bad_request, "flag '--" + flag.name + "' can't be repeated");
  }
  for (const std::string& value : values) {
    if (const auto done = flag.set(value); !done) {
      return Error(done.error()).in("bad value '" + value + "' of flag '--" + flag.name + "'");
    }
  }
  return {};
}

Result<void> check(const Config& config) {
  if (config.replicas.empty() && config.sets.empty()) {
    return Error(ErrorKind::bad_request,
                 config.config_file.empty()
                     ? "required flag '--replicas' not provided"
                     : config.config_file + " has no replica_sets, and '--replicas' is not given");
  }
  if (config.config_auto_reload && config.config_file.empty()) {
    return Error(ErrorKind::bad_request, "'--config.auto-reload' needs '--config.file'");
  }
  if (config.replica_connect_timeout > config.replica_timeout) {
    return Error(ErrorKind::bad_request,
                 "'--replica.connect-timeout' is longer than '--replica.timeout'");
  }
  return {};
}

Config default_config(const HostLimits& host) {
  Config config;
  config.web_listen_addresses = {":9201"};
  config.threads = std::max(1U, host.cpus);
  constexpr std::uint64_t least = 64 << 20;
  constexpr std::uint64_t most = 1 << 30;
  config.read_memory_limit = std::clamp(host.memory_bytes / 2, least, most);
  return config;
}

/// Sets all that is given. An Exit where there is nothing to run; its text is empty for --help.
std::optional<Exit> parse_into(const std::vector<Flag>& flags, int argc, const char* const* argv,
                               std::map<std::string, std::string>& given) {
  CLI::App app;
  declare(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return Exit{};
  } catch (const CLI::CallForVersion&) {
    return Exit{0, version_text()};
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string what = error.what();
    return usage_error("flag '" + what.substr(0, what.find(':')) + "' needs a value");
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
  const std::vector<std::string> unknown = app.remaining();
  if (!unknown.empty()) return unknown_argument(flags, unknown.front());
  for (const Flag& flag : flags) {
    const auto& values = app.get_option("--" + flag.name)->results();
    const auto set = set_values(flag, values);
    if (!set) return usage_error(set.error().what);
    for (const std::string& value : values) {
      std::string& text = given[flag.name];
      text += (text.empty() ? "" : ", ") + value;
    }
  }
  return std::nullopt;
}

/// The file, and what follows from all that was said.
std::optional<Exit> complete(Config& config) {
  if (!config.config_file.empty()) {
    const auto read = read_config_file(config, flag_table(config));
    if (!read) return Exit{2, "prombraid: error: " + read.error().what + "\n"};
  }
  if (const auto fit = check(config); !fit) return usage_error(fit.error().what);
  if (config.sets.empty()) config.sets.push_back(set_of_flags(config));
  config.read_max_response_bytes =
      std::min(config.read_max_response_bytes, config.read_memory_limit);
  for (SetConfig& set : config.sets) {
    set.max_response_bytes = std::min(set.max_response_bytes, config.read_memory_limit);
  }
  return std::nullopt;
}

}  // namespace

std::string fault_of(const Exit& exit) {
  std::string_view what = exit.text;
  constexpr std::string_view begin = "prombraid: error: ";
  if (what.starts_with(begin)) what.remove_prefix(begin.size());
  return std::string(what.substr(0, what.find('\n')));
}

std::variant<Config, Exit> parse_flags(int argc, const char* const* argv, const HostLimits& host) {
  Config config = default_config(host);
  const std::vector<Flag> flags = flag_table(config);
  if (auto exit = parse_into(flags, argc, argv, config.given_flags)) {
    Config defaults = default_config({});
    if (exit->text.empty()) exit->text = help_text(flag_table(defaults));
    return *std::move(exit);
  }
  if (auto exit = complete(config)) return *std::move(exit);
  return config;
}

bool asks_explain(int argc, const char* const* argv) {
  return argc > 1 && std::string_view(argv[1]) == "explain";
}

std::variant<ReadConfig, Exit> parse_read_flags(int argc, const char* const* argv,
                                                std::int64_t now) {
  ReadConfig config;
  config.end = now;
  std::map<std::string, std::string> given;
  if (auto exit = parse_into(read_flag_table(config), argc - 1, argv + 1, given)) {
    ReadConfig defaults;
    if (exit->text.empty()) exit->text = read_help_text(read_flag_table(defaults));
    return *std::move(exit);
  }
  if (config.url.empty()) return usage_error("required flag '--url' not provided");
  if (const auto fit = complete_selection(config); !fit) return usage_error(fit.error().what);
  return config;
}

std::variant<ExplainConfig, Exit> parse_explain_flags(int argc, const char* const* argv,
                                                      const HostLimits& host, std::int64_t now) {
  ExplainConfig config;
  config.server = default_config(host);
  config.server.threads = 1;
  config.server.log_level = log::Level::warn;
  config.end = now;
  const std::vector<Flag> flags = explain_flag_table(config);
  if (auto exit = parse_into(flags, argc - 1, argv + 1, config.server.given_flags)) {
    ExplainConfig defaults;
    defaults.server = default_config({});
    if (exit->text.empty()) exit->text = explain_help_text(explain_flag_table(defaults), argv[1]);
    return *std::move(exit);
  }
  if (const auto fit = complete_selection(config); !fit) return usage_error(fit.error().what);
  if (auto exit = complete(config.server)) return *std::move(exit);
  return config;
}

}  // namespace prombraid::config
