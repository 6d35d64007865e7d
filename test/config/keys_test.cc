#include "config/keys.h"

#include <doctest/doctest.h>

namespace prombraid::config {
namespace {

struct Inner {
  std::string name;
  Secret password;
};

enum class Colour { red, green };

struct Outer {
  std::chrono::milliseconds timeout{30'000};
  std::uint64_t size = 64 << 20;
  unsigned count = 1;
  bool on = true;
  Colour colour = Colour::red;
  std::string file;
  std::vector<std::string> words;
  std::map<std::string, std::string> labels;
  std::vector<Inner> inner;
  Inner one;
};

std::vector<Key> inner_keys(Inner& out) {
  return {required(text_key("name", out.name, "A name.")),
          secret_key("password", out.password, "A password."),
          refused_key("proxy_url", "name the replica itself")};
}

std::vector<Key> outer_keys(Outer& out) {
  return {duration_key("timeout", out.timeout, "A time."),
          size_key("size", out.size, 1024, "A size."),
          count_key("count", out.count, 1, "A count."),
          bool_key("on", out.on, "A switch."),
          choice_key<Colour>("colour", out.colour, {{"red", Colour::red}, {"green", Colour::green}},
                             "A colour."),
          path_key("file", out.file, "A file."),
          texts_key("words", out.words, "Words."),
          text_map_key("labels", out.labels, "Labels."),
          maps_key("inner", out.inner, inner_keys, "Several."),
          map_key("one", out.one, inner_keys, "One.")};
}

Result<Outer> read(const std::string& text) {
  auto tree = parse_yaml(text, "dir/f");
  if (tree.has_error()) return tree.error();
  Outer out;
  if (auto done = read_keys(*tree, outer_keys(out)); done.has_error()) return done.error();
  return out;
}

TEST_CASE("every type of key") {
  const auto out = read(
      "timeout: 1m\nsize: 1MiB\ncount: 7\non: false\ncolour: green\nfile: x.pem\n"
      "words: [a, b]\nlabels: {region: eu, empty: ''}\n"
      "inner:\n- name: a\n- name: b\n  password: hidden\none: {name: c}\n");
  REQUIRE_MESSAGE(out.has_value(), out.error().what);
  CHECK(out->timeout.count() == 60'000);
  CHECK(out->size == 1 << 20);
  CHECK(out->count == 7);
  CHECK(!out->on);
  CHECK(out->colour == Colour::green);
  CHECK(out->file == "dir/x.pem");
  CHECK(out->words == std::vector<std::string>{"a", "b"});
  CHECK(out->labels.at("region") == "eu");
  CHECK(out->labels.at("empty").empty());
  REQUIRE(out->inner.size() == 2);
  CHECK(out->inner[1].name == "b");
  CHECK(out->inner[1].password.reveal() == "hidden");
  CHECK(out->one.name == "c");
}

TEST_CASE("what is refused, and where") {
  struct Case {
    const char* text;
    const char* what;
  };
  for (const Case& c : {
           Case{"timeuot: 1m\n", "dir/f:1:1: timeuot: unknown key, did you mean 'timeout'?"},
           {"inner:\n- name: a\n  pasword: b\n",
            "dir/f:3:3: inner[0].pasword: unknown key, did you mean 'password'?"},
           {"one: {name: a, xyzxyz: b}\n",
            "dir/f:1:16: one.xyzxyz: unknown key; there are name, password"},
           {"one: {}\n", "dir/f:1:6: one: needs the key name"},
           {"one: {name: a, proxy_url: b}\n",
            "dir/f:1:27: one.proxy_url: not supported: name the replica itself"},
           {"timeout: 0s\n", "dir/f:1:10: timeout: must be more than 0"},
           {"size: 1KB\nsize: 1MB\n", "dir/f:2:1: size: is there twice: take one of them out"},
           {"size: 1\n", "dir/f:1:7: size: must be at least 1KiB"},
           {"count: 5e9\n", "dir/f:1:8: count: must be at most 4294967295"},
           {"colour: blue\n", "dir/f:1:9: colour: must be one of red, green, not 'blue'"},
           {"words: a\n", "dir/f:1:8: words: must be a list, not a text"},
           {"words: [a, b, a]\n", "dir/f:1:15: words[2]: 'a' is there twice"},
           {"labels: [a]\n", "dir/f:1:9: labels: must be a map, not a list"},
           {"- a\n", "dir/f:1:1: must be a map, not a list"},
       }) {
    CAPTURE(c.text);
    const auto out = read(c.text);
    REQUIRE(out.has_error());
    CHECK(out.error().what == c.what);
  }
}

TEST_CASE("a table shows itself: defaults, choices, keys of inner maps") {
  Outer out;
  const auto keys = outer_keys(out);
  CHECK(keys[0].shown == "30s");
  CHECK(keys[1].shown == "64MiB");
  CHECK(keys[4].choices == std::vector<std::string>{"red", "green"});
  CHECK(keys[8].inner().front().required);
}

}  // namespace
}  // namespace prombraid::config
