#include "config/config_file.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <unistd.h>

#include "config/flags.h"
#include "config/schema.h"

namespace prombraid::config {
namespace {

/// A file of the given text for as long as this lives.
class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() /
              ("prombraid_config_test_" + std::to_string(getpid()) + ".yml")) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::variant<Config, Exit> load(const std::string& text, std::vector<const char*> flags = {}) {
  const File file(text);
  const std::string named = "--config.file=" + file.name();
  flags.insert(flags.begin(), {"prombraid", named.c_str()});
  return parse_flags(static_cast<int>(flags.size()), flags.data(), HostLimits{2, 1 << 30});
}

Config loaded(const std::string& text, std::vector<const char*> flags = {}) {
  auto got = load(text, std::move(flags));
  if (const auto* exit = std::get_if<Exit>(&got)) FAIL(exit->text);
  return std::get<Config>(got);
}

/// What is wrong, without the name of the file.
std::string refused(const std::string& text, std::vector<const char*> flags = {}) {
  const auto got = load(text, std::move(flags));
  const auto* exit = std::get_if<Exit>(&got);
  if (exit == nullptr) return "";
  CHECK(exit->code == 2);
  const std::string fault = fault_of(*exit);
  const std::size_t name = fault.find(".yml:");
  return name == std::string::npos ? fault : fault.substr(name + 5);
}

const std::string one_set = "replica_sets:\n- name: eu\n  replicas: [127.0.0.1:9090]\n";

TEST_CASE("a set with every key") {
  const Config config = loaded(
      "replica_sets:\n- name: eu\n  replicas: ['127.0.0.1:9090', 'dns+prom:9090']\n"
      "  path: /prom/api/v1/read\n  replica_labels: [replica]\n  min_replicas: 2\n"
      "  expected_replicas: 3\n  connect_timeout: 1s\n  timeout: 10s\n  max_frame_bytes: 1MiB\n"
      "  max_series_bytes: 2MiB\n  max_response_bytes: 3MiB\n  required_matchers: {region: eu}\n"
      "  external_labels: {region: eu}\n  time_range: {newest_age: 2h, oldest_age: 15d}\n");
  REQUIRE(config.sets.size() == 1);
  const SetConfig& set = config.sets.front();
  CHECK(set.name == "eu");
  CHECK(set.replicas.size() == 2);
  CHECK(set.path == "/prom/api/v1/read");
  CHECK(set.replica_labels == std::vector<std::string>{"replica"});
  CHECK(set.min_replicas == 2);
  CHECK(set.expected_replicas == 3);
  CHECK(set.connect_timeout.count() == 1000);
  CHECK(set.timeout.count() == 10'000);
  CHECK(set.max_frame_bytes == 1 << 20);
  CHECK(set.max_series_bytes == 2 << 20);
  CHECK(set.max_response_bytes == 3 << 20);
  CHECK(set.required_matchers.at("region") == "eu");
  CHECK(set.external_labels.at("region") == "eu");
  CHECK(set.newest_age.count() == 7'200'000);
  CHECK(set.oldest_age.count() == 15LL * 86'400'000);
}

TEST_CASE("flags make one set named default, and are the defaults of all sets") {
  const char* const line[] = {"prombraid", "--replicas=a:1", "--replicas.expected=2"};
  const auto flags = std::get<Config>(parse_flags(3, line, HostLimits{}));
  REQUIRE(flags.sets.size() == 1);
  CHECK(flags.sets[0].name == "default");
  CHECK(flags.sets[0].expected_replicas == 2);
  const Config file =
      loaded(one_set + "- name: us\n  replicas: [b:1]\n  timeout: 7s\n", {"--replica.timeout=9s"});
  CHECK(file.sets[0].timeout.count() == 9000);
  CHECK(file.sets[1].timeout.count() == 7000);
}

TEST_CASE("flags as keys, wherever they stand") {
  const Config config = loaded(one_set +
                               "read: {memory_limit: 256MiB, max_response_bytes: 2MiB}\n"
                               "storage: {remote: {read_sample_limit: 7}}\n"
                               "web: {listen_address: ['127.0.0.1:0'], enable_lifecycle: true}\n"
                               "threads: 3\nlog: {format: json}\n");
  CHECK(config.read_memory_limit == 256 << 20);
  CHECK(config.sets[0].max_response_bytes == 2 << 20);
  CHECK(config.read_sample_limit == 7);
  CHECK(config.web_listen_addresses == std::vector<std::string>{"127.0.0.1:0"});
  CHECK(config.web_enable_lifecycle);
  CHECK(config.threads == 3);
  CHECK(config.log_format == log::Format::json);
  CHECK(config.file_flags.at("read.memory-limit").text == "256MiB");
}

TEST_CASE("tenants") {
  const Config config = loaded(one_set +
                               "tenants:\n  pass_headers: [X-Scope-OrgID, traceparent]\n"
                               "  enforce_label: {name: tenant, header: X-Scope-OrgID}\n");
  CHECK(config.tenants.pass_headers.size() == 2);
  CHECK(config.tenants.enforce_label.name == "tenant");
  CHECK(config.tenants.enforce_label.header == "X-Scope-OrgID");
}

TEST_CASE("variables in external labels, and nowhere else") {
  setenv("PROMBRAID_TEST_REGION", "eu", 1);
  const Config config =
      loaded(one_set + "  external_labels: {a: '${PROMBRAID_TEST_REGION}-1', b: '$$x'}\n");
  CHECK(config.sets[0].external_labels.at("a") == "eu-1");
  CHECK(config.sets[0].external_labels.at("b") == "$x");
  CHECK(
      loaded(one_set + "  required_matchers: {a: '${HOME}'}\n").sets[0].required_matchers.at("a") ==
      "${HOME}");
}

// What is wrong in a file, and how it is told, is in broken/: test/e2e has the program check them.

TEST_CASE("a file without sets, and no flag either") {
  CHECK(refused("read: {memory_limit: 1GiB}\n")
            .ends_with("has no replica_sets, and '--replicas' is not given"));
}

TEST_CASE("a flag that the file contradicts") {
  CHECK(refused(one_set + "threads: 2\n", {"--threads=3"})
            .find("4:10: threads: contradicts --threads=3 of the command line: keep one of them") ==
        0);
  CHECK(loaded(one_set + "threads: 3\n", {"--threads=3"}).threads == 3);
  CHECK(refused(one_set, {"--replicas=a:1"}).find("contradicts --replicas of the command line") !=
        std::string::npos);
}

TEST_CASE("the schema of the documentation is the table's own") {
  std::ifstream in(PROMBRAID_TEST_DIR "/../../docs/config.schema.json");
  const std::string kept(std::istreambuf_iterator<char>(in), {});
  CHECK(kept == config_file_schema());
}

TEST_CASE("the example of the documentation is right") {
  const std::string named = "--config.file=" PROMBRAID_TEST_DIR "/../../docs/config.example.yml";
  const char* const line[] = {"prombraid", named.c_str()};
  const auto got = parse_flags(2, line, HostLimits{});
  if (const auto* exit = std::get_if<Exit>(&got)) FAIL(exit->text);
  CHECK(std::get<Config>(got).sets.size() == 2);
}

}  // namespace
}  // namespace prombraid::config
