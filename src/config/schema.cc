#include "config/schema.h"

#include "config/config_file.h"

namespace prombraid::config {

namespace {

constexpr const char* duration_pattern =
    "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
constexpr const char* size_pattern = "^[0-9]+([KMGTPE]i?B|B)?$";

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class Schema {
 public:
  void map(const std::vector<Key>& keys, int depth) {
    out_ += "\"type\": \"object\",\n";
    line(depth, "\"additionalProperties\": false,\n");
    std::string required;
    for (const Key& key : keys) {
      if (key.required) required += (required.empty() ? "" : ", ") + quoted(key.name);
    }
    if (!required.empty()) line(depth, "\"required\": [" + required + "],\n");
    line(depth, "\"properties\": {");
    bool first = true;
    for (const Key& key : keys) {
      if (key.type == ValueType::refused) continue;
      out_ += first ? "\n" : ",\n";
      first = false;
      line(depth + 1, quoted(key.name) + ": {\n");
      property(key, depth + 2);
      line(depth + 1, "}");
    }
    out_ += "\n";
    line(depth, "}\n");
  }

  void line(int depth, const std::string& text) {
    out_.append(static_cast<std::size_t>(depth) * 2, ' ').append(text);
  }

  std::string take() && { return std::move(out_); }

 private:
  void property(const Key& key, int depth) {
    line(depth, "\"description\": " + quoted(key.help) + ",\n");
    if (!key.shown.empty()) line(depth, "\"default\": " + quoted(key.shown) + ",\n");
    line(depth, "");
    switch (key.type) {
      case ValueType::map:
        return map(key.inner(), depth);
      case ValueType::maps:
        out_ += "\"type\": \"array\",\n";
        line(depth, "\"items\": {\n");
        line(depth + 1, "");
        map(key.inner(), depth + 1);
        return line(depth, "}\n");
      case ValueType::map_map:
        out_ += "\"type\": \"object\",\n";
        line(depth, "\"additionalProperties\": {\n");
        line(depth + 1, "");
        map(key.inner(), depth + 1);
        return line(depth, "}\n");
      default:
        out_ += plain(key) + "\n";
    }
  }

  static std::string plain(const Key& key) {
    switch (key.type) {
      case ValueType::boolean:
        return "\"type\": \"boolean\"";
      case ValueType::duration:
        return "\"type\": [\"string\", \"integer\"], \"pattern\": " + quoted(duration_pattern);
      case ValueType::size:
        return "\"type\": [\"string\", \"integer\"], \"pattern\": " + quoted(size_pattern);
      case ValueType::count:
        return "\"type\": [\"number\", \"string\"]";
      case ValueType::choice: {
        std::string words;
        for (const std::string& word : key.choices)
          words += (words.empty() ? "" : ", ") + quoted(word);
        return "\"enum\": [" + words + "]";
      }
      case ValueType::texts:
        return "\"type\": \"array\", \"items\": {\"type\": \"string\"}";
      case ValueType::text_map:
        return "\"type\": \"object\", \"additionalProperties\": {\"type\": \"string\"}";
      default:
        return "\"type\": [\"string\", \"number\", \"boolean\"]";
    }
  }

  std::string out_;
};

}  // namespace

std::string json_schema(const std::vector<Key>& keys, const std::string& title) {
  Schema schema;
  schema.line(0, "{\n");
  schema.line(1, "\"$schema\": \"http://json-schema.org/draft-07/schema#\",\n");
  schema.line(1, "\"title\": " + quoted(title) + ",\n");
  schema.line(1, "");
  schema.map(keys, 1);
  schema.line(0, "}\n");
  return std::move(schema).take();
}

std::string config_file_schema() {
  Config config;
  config.web_listen_addresses = {":9201"};
  const auto flags = flag_table(config);
  return json_schema(file_keys(config, flags), "The configuration file of Prombraid");
}

}  // namespace prombraid::config
