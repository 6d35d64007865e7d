#include "config/yaml.h"

#include <sstream>

#include <doctest/doctest.h>

namespace prombraid::config {
namespace {

YamlNode parsed(const std::string& text) {
  auto tree = parse_yaml(text, "dir/file.yml");
  REQUIRE(tree.has_value());
  return *tree;
}

/// The value of `key: TEXT`.
YamlNode value(const std::string& text) {
  const YamlNode tree = parsed("key: " + text + "\n");
  REQUIRE(tree.entries.size() == 1);
  return tree.entries.front().value;
}

TEST_CASE("a tree knows its places and paths") {
  const YamlNode tree = parsed("sets:\n  - name: a\n    time: 30s\n");
  CHECK(tree.kind == YamlNode::Kind::map);
  const YamlNode& set = tree.entries.front().value.entries.front().value;
  const YamlEntry& time = set.entries.at(1);
  CHECK(time.key == "time");
  CHECK(time.place.line == 3);
  CHECK(time.place.column == 5);
  CHECK(time.value.place.column == 11);
  CHECK(time.value.path == "sets[0].time");
  CHECK(time.value.as_duration()->count() == 30'000);
  CHECK(time.value.error("is too long").what == "dir/file.yml:3:11: sets[0].time: is too long");
}

TEST_CASE("values of each type") {
  CHECK(*value("word").as_text() == "word");
  CHECK(*value("'30'").as_text() == "30");
  CHECK(*value("''").as_any_text() == "");
  CHECK(value("hidden").as_secret()->reveal() == "hidden");
  CHECK(*value("true").as_bool());
  CHECK(!*value("false").as_bool());
  CHECK(*value("64MiB").as_size() == 64 << 20);
  CHECK(*value("5e7").as_count() == 50'000'000);
  CHECK(*value("ca.pem").as_path() == "dir/ca.pem");
  CHECK(*value("/etc/ca.pem").as_path() == "/etc/ca.pem");
  CHECK((*value("[a, b]").as_list())->size() == 2);
  CHECK((*value("{a: b}").as_map())->size() == 1);
}

TEST_CASE("what a value is not") {
  struct Case {
    const char* name;
    Error error;
    const char* what;
  };
  for (const Case& c : {
           Case{"nothing", value("").as_text().error(), "1:1: key: needs a value"},
           {"null", value("null").as_text().error(), "1:1: key: needs a value"},
           {"empty", value("''").as_text().error(), "1:6: key: must not be empty"},
           {"list", value("[a]").as_text().error(), "1:6: key: must be a text, not a list"},
           {"yes", value("yes").as_bool().error(), "key: must be true or false, not 'yes'"},
           {"unit", value("30").as_duration().error(),
            "key: '30': not a duration, as 1h30m, 30s or 250ms"},
           {"size", value("1mb").as_size().error(), "key: '1mb': not a size"},
           {"small", value("1").as_count(2).error(), "key: must be at least 2"},
           {"large", value("9").as_count(0, 8).error(), "key: must be at most 8"},
           {"no list", value("a").as_list().error(), "key: must be a list, not a text"},
           {"no map", value("[a]").as_map().error(), "key: must be a map, not a list"},
           {"secret", value("[hidden]").as_secret().error(), "key: must be a text, not a list"},
       }) {
    CAPTURE(c.name);
    CHECK(c.error.kind == ErrorKind::bad_request);
    CHECK_MESSAGE(c.error.what.find(c.what) != std::string::npos, c.error.what);
    CHECK(c.error.what.find("hidden") == std::string::npos);
  }
}

TEST_CASE("text that makes no tree") {
  struct Case {
    const char* name;
    std::string text;
    const char* what;
  };
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 8; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) laughs += ", " + before;
    laughs += "]\n";
  }
  for (const Case& c : {
           Case{"key twice", "a: 1\nb: 2\na: 3\n", "f:3:1: a: is there twice"},
           {"inner key twice", "a:\n  b: 1\n  b: 2\n", "f:3:3: a.b: is there twice"},
           {"not YAML", "a: [1\n", "f:2:1: not YAML"},
           {"tab", "a:\n\tb: 1\n", "f:2:"},
           {"two documents", "a: 1\n---\nb: 1\n", "f:2: a second document begins"},
           {"a list in itself", "a: &a [*a]\n", "lies too deep, or inside of itself"},
           {"a comma alone", ",[[", "f:1: a second document begins"},
           {"tag", "a: !!binary eA==\n", "f:1:4: a: has the tag"},
           {"list as a key", "[a]: 1\n", "has a key that is not a plain word"},
           {"billion laughs", laughs, "has too many parts"},
       }) {
    CAPTURE(c.name);
    const auto tree = parse_yaml(c.text, "f");
    REQUIRE(tree.has_error());
    CHECK_MESSAGE(tree.error().what.find(c.what) != std::string::npos, tree.error().what);
  }
}

TEST_CASE("an empty file is nothing") {
  CHECK(parsed("").kind == YamlNode::Kind::nothing);
  CHECK(parsed("# only a comment\n").kind == YamlNode::Kind::nothing);
}

TEST_CASE("a file that is not there") {
  CHECK(load_yaml("/nowhere/file.yml").error().what ==
        "/nowhere/file.yml: can't be read: No such file or directory");
  CHECK(load_yaml("/").error().what.find("can't be read") != std::string::npos);
}

TEST_CASE("a secret is not printed") {
  std::ostringstream out;
  out << Secret("hidden");
  CHECK(out.str() == "<secret>");
}

}  // namespace
}  // namespace prombraid::config
