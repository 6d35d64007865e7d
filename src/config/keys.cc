#include "config/keys.h"

#include <algorithm>
#include <set>

#include "config/nearest.h"
#include "config/units.h"

namespace prombraid::config {

namespace {

/// A key that sets `out` to what `read` makes of the node.
template <class T>
Key typed(std::string name, Key::Type type, std::string help, T& out,
          Result<T> (YamlNode::*read)() const) {
  Key key{std::move(name), type, std::move(help), {}};
  key.set = [&out, read](const YamlNode& node) -> Result<void> {
    auto value = (node.*read)();
    if (value.has_error()) return std::move(value).error();
    out = *std::move(value);
    return {};
  };
  return key;
}

Error unknown_key(const YamlNode& map, const YamlEntry& entry, const std::vector<Key>& keys) {
  std::vector<std::string> known;
  for (const Key& key : keys) {
    if (key.type != Key::Type::refused) known.push_back(key.name);
  }
  const std::string nearest = nearest_of(known, entry.key);
  if (!nearest.empty()) return map.error_at(entry, "unknown key, did you mean '" + nearest + "'?");
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
  return map.error_at(entry, "unknown key; there are " + all);
}

}  // namespace

Result<void> read_keys(const YamlNode& map, const std::vector<Key>& keys) {
  auto entries = map.as_map();
  if (entries.has_error()) return std::move(entries).error();
  std::set<std::string> given;
  for (const YamlEntry& entry : **entries) {
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == entry.key; });
    if (key == keys.end()) return unknown_key(map, entry, keys);
    if (auto set = key->set(entry.value); set.has_error()) return set;
    given.insert(entry.key);
  }
  for (const Key& key : keys) {
    if (key.required && !given.contains(key.name)) return map.error("needs the key " + key.name);
  }
  return {};
}

Key text_key(std::string name, std::string& out, std::string help) {
  Key key = typed(std::move(name), Key::Type::text, std::move(help), out, &YamlNode::as_text);
  key.shown = out;
  return key;
}

Key path_key(std::string name, std::string& out, std::string help) {
  return typed(std::move(name), Key::Type::path, std::move(help), out, &YamlNode::as_path);
}

Key secret_key(std::string name, Secret& out, std::string help) {
  return typed(std::move(name), Key::Type::secret, std::move(help), out, &YamlNode::as_secret);
}

Key bool_key(std::string name, bool& out, std::string help) {
  Key key = typed(std::move(name), Key::Type::boolean, std::move(help), out, &YamlNode::as_bool);
  key.shown = out ? "true" : "false";
  return key;
}

Key duration_key(std::string name, std::chrono::milliseconds& out, std::string help) {
  Key key{std::move(name), Key::Type::duration, std::move(help), {}};
  if (out.count() > 0) key.shown = format_duration(out);
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto value = node.as_duration();
    if (value.has_error()) return std::move(value).error();
    if (value->count() == 0) return node.error("must be more than 0");
    out = *value;
    return {};
  };
  return key;
}

Key size_key(std::string name, std::uint64_t& out, std::uint64_t least, std::string help) {
  Key key{std::move(name), Key::Type::size, std::move(help), {}, format_size(out)};
  key.set = [&out, least](const YamlNode& node) -> Result<void> {
    auto value = node.as_size();
    if (value.has_error()) return std::move(value).error();
    if (*value < least) return node.error("must be at least " + format_size(least));
    out = *value;
    return {};
  };
  return key;
}

Key texts_key(std::string name, std::vector<std::string>& out, std::string help, CheckText check) {
  Key key{std::move(name), Key::Type::texts, std::move(help), {}};
  key.set = [&out, check = std::move(check)](const YamlNode& node) -> Result<void> {
    auto items = node.as_list();
    if (items.has_error()) return std::move(items).error();
    out.clear();
    for (const YamlEntry& item : **items) {
      auto text = item.value.as_text();
      if (text.has_error()) return std::move(text).error();
      if (std::find(out.begin(), out.end(), *text) != out.end()) {
        return item.value.error("'" + *text + "' is there twice");
      }
      if (auto fit = check ? check(*text) : Result<void>(); fit.has_error()) {
        return item.value.error(fit.error().what);
      }
      out.push_back(*std::move(text));
    }
    return {};
  };
  return key;
}

Key text_map_key(std::string name, std::map<std::string, std::string>& out, std::string help) {
  Key key{std::move(name), Key::Type::text_map, std::move(help), {}};
  key.set = [&out](const YamlNode& node) -> Result<void> {
    auto entries = node.as_map();
    if (entries.has_error()) return std::move(entries).error();
    out.clear();
    for (const YamlEntry& entry : **entries) {
      auto text = entry.value.as_any_text();
      if (text.has_error()) return std::move(text).error();
      out.emplace(entry.key, *std::move(text));
    }
    return {};
  };
  return key;
}

Key checked(Key key, CheckText check) {
  key.set = [set = std::move(key.set), check = std::move(check)](const YamlNode& node) {
    if (node.kind == YamlNode::Kind::text) {
      if (auto fit = check(node.scalar); fit.has_error()) {
        return Result<void>(node.error(fit.error().what));
      }
    }
    return set(node);
  };
  return key;
}

Key refused_key(std::string name, std::string why) {
  Key key{std::move(name), Key::Type::refused, why, {}};
  key.set = [why = std::move(why)](const YamlNode& node) -> Result<void> {
    return node.error("not supported: " + why);
  };
  return key;
}

Key required(Key key) {
  key.required = true;
  return key;
}

}  // namespace prombraid::config
