#include "config/host.h"

#include <doctest/doctest.h>

#include "base/folder.h"

namespace prombraid::config {
namespace {

/// A directory that stands for `/`, with one control group.
class Root {
 public:
  void put(const std::string& name, const std::string& text) const {
    folder_.write("sys/fs/cgroup/" + name, text);
  }
  HostLimits read() const { return read_host_limits(folder_.path(), 8, 1000); }

 private:
  Folder folder_;
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
