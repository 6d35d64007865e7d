/// A YAML file as a tree that knows where each of its parts stands, so that whatever is wrong with
/// one can be told with its line.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/secret.h"

namespace prombraid::config {

/// Counted from 1.
struct Place {
  int line = 1;
  int column = 1;
};

struct YamlEntry;

/// All errors are bad_request and read `FILE:LINE:COLUMN: path.of.the[0].key: what is wrong`. A
/// value is never part of them where it was read as a secret.
class YamlNode {
 public:
  enum class Kind { nothing, text, list, map };

  Kind kind = Kind::nothing;
  std::string scalar;              ///< of a text
  std::vector<YamlEntry> entries;  ///< of a list (keys empty) or a map, in the order of the file
  Place place;
  std::string path;                         ///< `replica_sets[0].name`, empty for the whole file
  std::shared_ptr<const std::string> file;  ///< its name, as it was given

  Error error(const std::string& what) const { return error_at(place, path, what); }

  /// `FILE:LINE:COLUMN: path.of.the[0].key`, for whoever finds a fault later.
  std::string where() const;

  /// For a fault of the key itself.
  Error error_at(const YamlEntry& entry, const std::string& what) const;

  Result<std::string> as_text() const;                    ///< not empty
  Result<std::string> as_any_text() const;                ///< `""` too
  Result<Secret> as_secret() const;                       ///< not empty
  Result<bool> as_bool() const;                           ///< `true` or `false`, nothing else
  Result<std::chrono::milliseconds> as_duration() const;  ///< config/units.h
  Result<std::uint64_t> as_size() const;                  ///< config/units.h
  Result<std::uint64_t> as_count(
      std::uint64_t least = 0,
      std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;

  /// The name of a file, relative to the folder of the one that names it.
  Result<std::string> as_path() const;

  /// The items of a list, or the entries of a map.
  Result<const std::vector<YamlEntry>*> as_list() const;
  Result<const std::vector<YamlEntry>*> as_map() const;

  /// The entry of a map; null where there is none.
  const YamlEntry* find(std::string_view key) const;

  /// What it is instead: `a list` and the like.
  const char* what_it_is() const;

 private:
  Error error_at(Place at, const std::string& where, const std::string& what) const;
};

struct YamlEntry {
  std::string key;  ///< of a map; empty in a list
  Place place;      ///< of the key
  YamlNode value;
};

/// `file` names the text in errors and is what relative paths are relative to. A map with a key
/// twice, more than one document, tags, and more than 100,000 nodes (aliases of aliases) are
/// errors. An empty file is `nothing`.
Result<YamlNode> parse_yaml(const std::string& text, const std::string& file);

/// The same of the file itself, up to 16 MiB.
Result<YamlNode> load_yaml(const std::string& file);

}  // namespace prombraid::config
