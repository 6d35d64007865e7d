#include "config/host.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <stdlib.h>

namespace prombraid::config {
namespace {

/// A directory that stands for `/`, with one control group.
class Root {
 public:
  Root() {
    std::string name = (std::filesystem::temp_directory_path() / "host_test.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Root() { std::filesystem::remove_all(path_); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  void put(const std::string& name, const std::string& text) const {
    const auto path = path_ / "sys/fs/cgroup" / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  HostLimits read() const { return read_host_limits(path_.string(), 8, 1000); }

 private:
  std::filesystem::path path_;
};

TEST_CASE("without a control group the machine is the limit") {
  const Root root;
  CHECK(root.read().cpus == 8);
  CHECK(root.read().memory_bytes == 1000);
}

TEST_CASE("version 2: quota rounded up, memory") {
  const Root root;
  root.put("cpu.max", "150000 100000\n");
  root.put("memory.max", "500\n");
  CHECK(root.read().cpus == 2);
  CHECK(root.read().memory_bytes == 500);
  root.put("cpu.max", "max 100000\n");
  root.put("memory.max", "max\n");
  CHECK(root.read().cpus == 8);
  CHECK(root.read().memory_bytes == 1000);
}

TEST_CASE("version 1, where no limit is -1 or a huge number") {
  const Root root;
  root.put("cpu/cpu.cfs_quota_us", "-1\n");
  root.put("cpu/cpu.cfs_period_us", "100000\n");
  root.put("memory/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK(root.read().cpus == 8);
  CHECK(root.read().memory_bytes == 1000);
  root.put("cpu/cpu.cfs_quota_us", "50000\n");
  root.put("memory/memory.limit_in_bytes", "600\n");
  CHECK(root.read().cpus == 1);
  CHECK(root.read().memory_bytes == 600);
}

}  // namespace
}  // namespace prombraid::config
