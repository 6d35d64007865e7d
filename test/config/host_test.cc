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
  void belong_to(const std::string& groups) const { folder_.write("proc/self/cgroup", groups); }
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

TEST_CASE("a service has a group below the top, and those above limit it as well") {
  const Root root;
  root.belong_to("0::/system.slice/prombraid.service\n");
  root.put("system.slice/prombraid.service/cpu.max", "300000 100000\n");
  root.put("system.slice/prombraid.service/memory.max", "600\n");
  CHECK(root.read().cpus == 3);
  CHECK(root.read().memory_bytes == 600);
  root.put("system.slice/cpu.max", "200000 100000\n");
  root.put("system.slice/memory.max", "500\n");
  CHECK(root.read().cpus == 2);
  CHECK(root.read().memory_bytes == 500);
}

TEST_CASE("version 1 has a group for each controller") {
  const Root root;
  root.belong_to("9:memory:/braid\n4:cpu,cpuacct:/a/b\n1:name=systemd:/other\n");
  root.put("cpu/a/b/cpu.cfs_quota_us", "150000\n");
  root.put("cpu/a/b/cpu.cfs_period_us", "100000\n");
  root.put("memory/braid/memory.limit_in_bytes", "700\n");
  CHECK(root.read().cpus == 2);
  CHECK(root.read().memory_bytes == 700);
}

TEST_CASE("in a container the group's name is the host's, and its files are at the top") {
  const Root root;
  root.belong_to("0::/kubepods/pod1/container2\n");
  root.put("memory.max", "500\n");
  CHECK(root.read().memory_bytes == 500);
}

}  // namespace
}  // namespace prombraid::config
