/// Whether a file is still the one that was read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace prombraid::tls {

/// What changes when a file is written, replaced or, as Kubernetes does it, reached through another
/// symbolic link. All zero: there is no such file.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  ///< rights too, so that a file made readable is tried again

  bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const std::string& file);
std::vector<FileStamp> stamps_of(const std::vector<std::string>& files);

}  // namespace prombraid::tls
