/// A folder for the files of one test.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <stdlib.h>

namespace prombraid {

/// Empty, under the system's temporary directory; gone at the end with all that is in it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "prombraid-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

  /// As those who rotate certificates do: a new file in the old one's place, and folders on the way
  /// to it. Gives the file's whole path.
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(file(name + ".new"), std::ios::binary) << text;
    std::filesystem::rename(file(name + ".new"), file(name));
    return file(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace prombraid
