#include "config/yaml.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "config/units.h"

namespace prombraid::config {

namespace {

constexpr std::size_t most_nodes = 100'000;
constexpr std::size_t most_levels = 32;
constexpr std::size_t most_bytes = 16 << 20;

Place place_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

/// Notes where documents begin, and nothing else.
class DocumentStarts : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { last = place_of(mark); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  Place last;
};

/// Where something follows the first document. YAML::LoadAll is no way to find out: yaml-cpp 0.7
/// makes documents of a `,` that stands alone until memory ends.
std::optional<Place> second_document(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  DocumentStarts starts;
  if (!parser.HandleNextDocument(starts) || !parser.HandleNextDocument(starts)) return {};
  return starts.last;
}

/// Makes our tree of yaml-cpp's.
class Conversion {
 public:
  explicit Conversion(const std::string& file) : file_(std::make_shared<std::string>(file)) {}

  Result<YamlNode> convert(const YAML::Node& from, std::string path) {
    YamlNode to;
    to.place = place_of(from.Mark());
    to.path = std::move(path);
    to.file = file_;
    if (++nodes_ > most_nodes) return to.error("has too many parts");
    // "?" is a plain scalar and "!" a quoted one; anything else was written.
    const std::string& tag = from.Tag();
    if (!tag.empty() && tag != "?" && tag != "!")
      return to.error("has the tag " + tag + ", and none is supported: take it out");
    if (from.IsScalar()) {
      to.kind = YamlNode::Kind::text;
      to.scalar = from.Scalar();
    }
    if (!from.IsSequence() && !from.IsMap()) return to;
    // An alias may stand inside of what it names.
    if (levels_ == most_levels) return to.error("lies too deep, or inside of itself");
    ++levels_;
    auto converted =
        from.IsMap() ? convert_map(from, std::move(to)) : convert_list(from, std::move(to));
    --levels_;
    return converted;
  }

 private:
  Result<YamlNode> convert_list(const YAML::Node& from, YamlNode to) {
    to.kind = YamlNode::Kind::list;
    for (const auto& item : from) {
      auto value = convert(item, to.path + "[" + std::to_string(to.entries.size()) + "]");
      if (value.has_error()) return value;
      const Place place = value->place;
      to.entries.push_back({{}, place, *std::move(value)});
    }
    return to;
  }

  Result<YamlNode> convert_map(const YAML::Node& from, YamlNode to) {
    to.kind = YamlNode::Kind::map;
    std::set<std::string> seen;
    for (const auto& pair : from) {
      YamlEntry entry{{}, place_of(pair.first.Mark()), {}};
      if (!pair.first.IsScalar()) return to.error("has a key that is not a plain word");
      entry.key = pair.first.Scalar();
      if (!seen.insert(entry.key).second) {
        return to.error_at(entry, "is there twice: take one of them out");
      }
      auto value = convert(pair.second, to.path.empty() ? entry.key : to.path + "." + entry.key);
      if (value.has_error()) return value;
      entry.value = *std::move(value);
      // yaml-cpp gives a value that is left out no place.
      if (entry.value.kind == YamlNode::Kind::nothing) entry.value.place = entry.place;
      to.entries.push_back(std::move(entry));
    }
    return to;
  }

  std::shared_ptr<const std::string> file_;
  std::size_t nodes_ = 0;
  std::size_t levels_ = 0;
};

Error file_error(const std::string& file, const std::string& what) {
  return {ErrorKind::bad_request, file + ": " + what};
}

Result<std::string> read_file(const std::string& file, std::size_t most) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text(most + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || !in.is_open() || (errno == EISDIR)) {
    return file_error(file, std::string("can't be read: ") + std::strerror(errno));
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > most) return file_error(file, "is larger than " + format_size(most));
  return text;
}

}  // namespace

Error YamlNode::error_at(Place at, const std::string& where, const std::string& what) const {
  return {ErrorKind::bad_request, (file ? *file : "") + ":" + std::to_string(at.line) + ":" +
                                      std::to_string(at.column) + ": " +
                                      (where.empty() ? "" : where + ": ") + what};
}

Error YamlNode::error_at(const YamlEntry& entry, const std::string& what) const {
  return error_at(entry.place, path.empty() ? entry.key : path + "." + entry.key, what);
}

std::string YamlNode::where() const {
  return (file ? *file : "") + ":" + std::to_string(place.line) + ":" +
         std::to_string(place.column) + ": " + path;
}

const YamlEntry* YamlNode::find(std::string_view key) const {
  const auto at = std::find_if(entries.begin(), entries.end(),
                               [&](const YamlEntry& entry) { return entry.key == key; });
  return at == entries.end() ? nullptr : &*at;
}

const char* YamlNode::what_it_is() const {
  switch (kind) {
    case Kind::nothing:
      return "nothing";
    case Kind::text:
      return "a text";
    case Kind::list:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "";
}

Result<std::string> YamlNode::as_any_text() const {
  if (kind == Kind::nothing) return error("needs a value");
  if (kind != Kind::text) return error(std::string("must be a text, not ") + what_it_is());
  return scalar;
}

Result<std::string> YamlNode::as_text() const {
  auto text = as_any_text();
  if (text && text->empty()) return error("must not be empty");
  return text;
}

Result<Secret> YamlNode::as_secret() const {
  auto text = as_text();
  if (text.has_error()) return std::move(text).error();
  return Secret(*std::move(text));
}

Result<bool> YamlNode::as_bool() const {
  auto text = as_text();
  if (text.has_error()) return std::move(text).error();
  if (*text == "true") return true;
  if (*text == "false") return false;
  return error("must be true or false, not '" + *text + "'");
}

namespace {

/// The text as what `parse` makes of it.
template <class T>
Result<T> parsed(const YamlNode& node, Result<T> (*parse)(std::string_view)) {
  auto text = node.as_text();
  if (text.has_error()) return std::move(text).error();
  auto value = parse(*text);
  if (value.has_error()) return node.error("'" + *text + "': " + value.error().what);
  return value;
}

}  // namespace

Result<std::chrono::milliseconds> YamlNode::as_duration() const {
  return parsed(*this, parse_duration);
}

Result<std::uint64_t> YamlNode::as_size() const {
  return parsed(*this, parse_size);
}

Result<std::uint64_t> YamlNode::as_count(std::uint64_t least, std::uint64_t most) const {
  auto count = parsed(*this, parse_count);
  if (count && *count < least) return error("must be at least " + std::to_string(least));
  if (count && *count > most) return error("must be at most " + std::to_string(most));
  return count;
}

Result<std::string> YamlNode::as_path() const {
  auto text = as_text();
  if (text.has_error()) return text;
  const std::filesystem::path name(*text);
  if (name.is_absolute()) return text;
  return (std::filesystem::path(*file).parent_path() / name).string();
}

Result<const std::vector<YamlEntry>*> YamlNode::as_list() const {
  if (kind != Kind::list) return error(std::string("must be a list, not ") + what_it_is());
  return &entries;
}

Result<const std::vector<YamlEntry>*> YamlNode::as_map() const {
  if (kind != Kind::map) return error(std::string("must be a map, not ") + what_it_is());
  return &entries;
}

Result<YamlNode> parse_yaml(const std::string& text, const std::string& file) {
  try {
    if (const auto second = second_document(text)) {
      return file_error(file + ":" + std::to_string(second->line),
                        "a second document begins, and only one is read: take out the line ---");
    }
    return Conversion(file).convert(YAML::Load(text), "");
  } catch (const YAML::ParserException& e) {
    const Place at = place_of(e.mark);
    return file_error(file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column),
                      "not YAML: " + e.msg);
  } catch (const YAML::Exception& e) {
    return file_error(file, std::string("not YAML: ") + e.what());
  }
}

Result<YamlNode> load_yaml(const std::string& file) {
  auto text = read_file(file, most_bytes);
  if (text.has_error()) return std::move(text).error();
  return parse_yaml(*text, file);
}

}  // namespace prombraid::config
