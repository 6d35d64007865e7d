#include "replica/facts.h"

#include <charconv>

#include <boost/json.hpp>

#include "replica/config_facts.h"

namespace prombraid::replica {

namespace {

namespace json = boost::json;

Error odd(const char* what) {
  return Error(ErrorKind::unsupported, what);
}

/// The `data` of `{"status":"success","data":{...}}`, which all of the API answers with.
Result<json::object> data_of(std::string_view text) {
  json::error_code problem;
  json::value answer = json::parse({text.data(), text.size()}, problem);
  if (problem) return odd("not JSON");
  const auto* object = answer.if_object();
  const auto* status = object != nullptr ? object->if_contains("status") : nullptr;
  const auto* word = status != nullptr ? status->if_string() : nullptr;
  if (word == nullptr || *word != "success") return odd("no {\"status\":\"success\"}");
  const auto* data = object->if_contains("data");
  if (data == nullptr || !data->is_object()) return odd("no data");
  return data->get_object();
}

/// Empty where `name` is absent or not a string.
std::string string_of(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains({name.data(), name.size()});
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(text->data(), text->size()) : std::string();
}

}  // namespace

Result<void> parse_config(std::string_view json, ReplicaFacts& facts) {
  auto data = data_of(json);
  if (!data) return data.error();
  const auto* yaml = data->if_contains("yaml");
  if (yaml == nullptr || !yaml->is_string()) return odd("no data.yaml");
  const auto& text = yaml->get_string();
  return parse_config_yaml({text.data(), text.size()}, facts);
}

Result<void> parse_buildinfo(std::string_view json, ReplicaFacts& facts) {
  auto data = data_of(json);
  if (!data) return data.error();
  const auto* version = data->if_contains("version");
  if (version == nullptr || !version->is_string()) return odd("no data.version");
  facts.version = string_of(*data, "version");
  // A Prometheus that was built without its version stamp says it is "".
  if (facts.version.empty()) facts.version = "unknown";
  facts.asks_samples = crashes_on_streams(facts.version);
  return {};
}

Result<void> parse_runtimeinfo(std::string_view json, ReplicaFacts& facts) {
  auto data = data_of(json);
  if (!data) return data.error();
  facts.retention = string_of(*data, "storageRetention");
  facts.start_time = string_of(*data, "startTime");
  facts.last_config_time = string_of(*data, "lastConfigTime");
  const auto* reloaded = data->if_contains("reloadConfigSuccess");
  const auto* success = reloaded != nullptr ? reloaded->if_bool() : nullptr;
  facts.config_reloaded = success == nullptr || *success;
  return {};
}

std::optional<VersionNumbers> numbers_of(std::string_view version) {
  if (version.starts_with('v')) version.remove_prefix(1);
  VersionNumbers numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) {
      if (!version.starts_with('.')) return std::nullopt;
      version.remove_prefix(1);
    }
    const char* end = version.data() + version.size();
    const auto [stop, problem] = std::from_chars(version.data(), end, numbers[i]);
    if (problem != std::errc()) return std::nullopt;
    version.remove_prefix(static_cast<std::size_t>(stop - version.data()));
  }
  return numbers;
}

bool crashes_on_streams(std::string_view version) {
  const auto numbers = numbers_of(version);
  if (!numbers) return false;
  const auto [major, minor, patch] = *numbers;
  return major == 2 && (minor == 52 || (minor == 53 && patch <= 1));
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::int64_t milliseconds;
  };
  // model.ParseDuration: each unit at most once, the larger first.
  static constexpr Unit units[] = {
      {"y", 31'536'000'000}, {"w", 604'800'000}, {"d", 86'400'000}, {"h", 3'600'000},
      {"m", 60'000},         {"s", 1000},        {"ms", 1}};
  if (text == "0") return std::chrono::milliseconds(0);
  if (text.empty()) return std::nullopt;
  std::int64_t sum = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
    while (next_unit < std::size(units) && units[next_unit].name != name) ++next_unit;
    if (next_unit == std::size(units)) return std::nullopt;
    std::int64_t part = 0;
    if (__builtin_mul_overflow(std::int64_t{number}, units[next_unit++].milliseconds, &part) ||
        __builtin_add_overflow(sum, part, &sum)) {
      return std::nullopt;
    }
    text.remove_prefix(name.size());
  }
  return std::chrono::milliseconds(sum);
}

std::optional<std::string> prefix_of(std::string_view read_path) {
  constexpr std::string_view read = "/api/v1/read";
  read_path = read_path.substr(0, read_path.find('?'));
  if (!read_path.ends_with(read)) return std::nullopt;
  return std::string(read_path.substr(0, read_path.size() - read.size()));
}

}  // namespace prombraid::replica
