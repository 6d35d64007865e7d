/// A map of a YAML file as a table of its keys: reading, the JSON schema and the reference of the
/// documentation all come from it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/secret.h"
#include "config/value_type.h"
#include "config/yaml.h"

namespace prombraid::config {

struct Key {
  using Type = ValueType;

  std::string name;
  Type type = Type::text;
  std::string help;                                  ///< one paragraph
  std::function<Result<void>(const YamlNode&)> set;  ///< errors carry the node's place
  std::string shown{};                               ///< the default, as text; empty: none
  bool required = false;
  std::vector<std::string> choices{};         ///< of a choice
  std::function<std::vector<Key>()> inner{};  ///< of a map, and of each map of a list
};

/// Calls `set` of every key that the map has, in the order of the file. An unknown key is refused
/// with the nearest known one, a required one that is missing with the place of the map.
Result<void> read_keys(const YamlNode& map, const std::vector<Key>& keys);

// Keys of each type. `out` must outlive the key; its value now is the default that is shown.

Key text_key(std::string name, std::string& out, std::string help);
Key path_key(std::string name, std::string& out, std::string help);
Key secret_key(std::string name, Secret& out, std::string help);
Key bool_key(std::string name, bool& out, std::string help);
/// More than 0.
Key duration_key(std::string name, std::chrono::milliseconds& out, std::string help);
Key size_key(std::string name, std::uint64_t& out, std::uint64_t least, std::string help);
template <class T>
Key count_key(std::string name, T& out, std::uint64_t least, std::string help);
/// A list of texts. One text alone is refused: `[text]` is meant. `check` looks at each of them.
using CheckText = std::function<Result<void>(const std::string&)>;
Key texts_key(std::string name, std::vector<std::string>& out, std::string help,
              CheckText check = {});
/// The same key, whose text is looked at first.
Key checked(Key key, CheckText check);
/// A map of texts, whose names are free.
Key text_map_key(std::string name, std::map<std::string, std::string>& out, std::string help);
/// One of the names in `choices`, in the same order as `values`.
template <class T>
Key choice_key(std::string name, T& out, std::vector<std::pair<std::string, T>> choices,
               std::string help);
/// A map with keys of its own.
template <class T>
Key map_key(std::string name, T& out, std::vector<Key> (*table)(T&), std::string help);
/// A list of such maps.
template <class T>
Key maps_key(std::string name, std::vector<T>& out, std::vector<Key> (*table)(T&),
             std::string help);
/// A key that others know and this program does not obey: `why` says so, and what to do.
Key refused_key(std::string name, std::string why);

/// The same key, which must be there.
Key required(Key key);

template <class T>
Key count_key(std::string name, T& out, std::uint64_t least, std::string help) {
  Key key{std::move(name), Key::Type::count, std::move(help), {}, std::to_string(out)};
  key.set = [&out, least](const YamlNode& node) -> Result<void> {
    auto count = node.as_count(least, std::numeric_limits<T>::max());
    if (count.has_error()) return std::move(count).error();
    out = static_cast<T>(*count);
    return {};
  };
  return key;
}

template <class T>
Key choice_key(std::string name, T& out, std::vector<std::pair<std::string, T>> choices,
               std::string help) {
  Key key{std::move(name), Key::Type::choice, std::move(help), {}};
  for (const auto& [word, value] : choices) {
    key.choices.push_back(word);
    if (value == out) key.shown = word;
  }
  key.set = [&out, choices = std::move(choices)](const YamlNode& node) -> Result<void> {
    auto text = node.as_text();
    if (text.has_error()) return std::move(text).error();
    std::string words;
    for (const auto& [word, value] : choices) {
      if (word == *text) {
        out = value;
        return {};
      }
      words += (words.empty() ? "" : ", ") + word;
    }
    return node.error("must be one of " + words + ", not '" + *text + "'");
  };
  return key;
}

/// What `table` has, for a value that nobody reads: the defaults and the help are wanted.
template <class T>
std::function<std::vector<Key>()> keys_of(std::vector<Key> (*table)(T&)) {
  return [table] {
    static T shown;
    return table(shown);
  };
}

template <class T>
Key map_key(std::string name, T& out, std::vector<Key> (*table)(T&), std::string help) {
  Key key{std::move(name), Key::Type::map, std::move(help), {}};
  key.set = [&out, table](const YamlNode& node) { return read_keys(node, table(out)); };
  key.inner = keys_of(table);
  return key;
}

template <class T>
Key maps_key(std::string name, std::vector<T>& out, std::vector<Key> (*table)(T&),
             std::string help) {
  Key key{std::move(name), Key::Type::maps, std::move(help), {}};
  key.set = [&out, table](const YamlNode& node) -> Result<void> {
    auto items = node.as_list();
    if (items.has_error()) return std::move(items).error();
    for (const YamlEntry& item : **items) {
      T& one = out.emplace_back();
      if (auto read = read_keys(item.value, table(one)); read.has_error()) return read;
    }
    return {};
  };
  key.inner = keys_of(table);
  return key;
}

}  // namespace prombraid::config
