#include "config/flag_keys.h"

#include <algorithm>

namespace prombraid::config {

namespace {

bool has_key(const Flag& flag) {
  const bool of_sets = flag.name.starts_with("replica") || flag.name == "read.min-replicas";
  return !of_sets && !flag.name.starts_with("config.") && flag.name != "web.config.file";
}

std::string key_name(std::string part) {
  std::replace(part.begin(), part.end(), '-', '_');
  return part;
}

/// The values of a flag that may be repeated are a list in the file.
Result<std::vector<std::string>> values_of(const YamlNode& node, bool repeatable) {
  std::vector<std::string> out;
  if (!repeatable) {
    auto text = node.as_text();
    if (text.has_error()) return std::move(text).error();
    out.push_back(*std::move(text));
    return out;
  }
  auto items = node.as_list();
  if (items.has_error()) return std::move(items).error();
  for (const YamlEntry& item : **items) {
    auto text = item.value.as_text();
    if (text.has_error()) return std::move(text).error();
    out.push_back(*std::move(text));
  }
  if (out.empty()) return node.error("must not be empty");
  return out;
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + value;
  return out;
}

Key key_of(const Flag& flag, std::string name, const std::string* given, FileFlags& told) {
  Key key{std::move(name), flag.repeatable ? ValueType::texts : flag.set.type, flag.help, {}};
  key.choices = flag.set.choices;
  // What stands for a value there, as SIZE does, is no default.
  const bool stands_for_one = std::all_of(flag.shown.begin(), flag.shown.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == ':' || c == '_';
  });
  if (!stands_for_one) key.shown = flag.shown;
  if (flag.set.type == ValueType::boolean) key.shown = "false";
  std::optional<std::string> said;
  if (given != nullptr) said = *given;
  key.set = [flag, said, &told](const YamlNode& node) -> Result<void> {
    auto values = values_of(node, flag.repeatable);
    if (values.has_error()) return std::move(values).error();
    if (said && *said != joined(*values)) {
      return node.error("contradicts --" + flag.name + "=" + *said +
                        " of the command line: keep one of them");
    }
    if (said) return {};
    told[flag.name] = {joined(*values), node.where()};
    for (const std::string& value : *values) {
      if (auto set = flag.set(value); set.has_error()) {
        return node.error("'" + value + "': " + set.error().what);
      }
    }
    return {};
  };
  return key;
}

/// The keys below one section: `prefix` is `read.` or `storage.remote.`.
std::vector<Key> section(const std::vector<Flag>& flags, const GivenFlags& given, FileFlags& told,
                         const std::string& prefix) {
  std::vector<Key> keys;
  for (const Flag& flag : flags) {
    if (!has_key(flag) || !flag.name.starts_with(prefix)) continue;
    const std::string rest = flag.name.substr(prefix.size());
    const std::size_t dot = rest.find('.');
    const std::string name = key_name(rest.substr(0, dot));
    if (dot == std::string::npos) {
      const auto said = given.find(flag.name);
      keys.push_back(key_of(flag, name, said == given.end() ? nullptr : &said->second, told));
      continue;
    }
    const bool known =
        std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    if (known) continue;
    const std::vector<Key> inner = section(flags, given, told, prefix + rest.substr(0, dot + 1));
    Key key{name,
            ValueType::map,
            "Flags that begin with " + prefix + rest.substr(0, dot) + ", as keys.",
            {}};
    key.set = [inner](const YamlNode& node) { return read_keys(node, inner); };
    key.inner = [inner] { return inner; };
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

std::vector<Key> flag_keys(const std::vector<Flag>& flags, const GivenFlags& given,
                           FileFlags& told) {
  return section(flags, given, told, "");
}

}  // namespace prombraid::config
