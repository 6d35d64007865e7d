#include "tls/small_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace prombraid::tls {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error unreadable(const std::string& file) {
  return Error(ErrorKind::unavailable, file + ": " + std::generic_category().message(errno));
}

}  // namespace

Result<std::string> read_small_file(const std::string& file, std::size_t max_bytes) {
  // A named pipe must not hold up the thread that opens it.
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (opened.get() < 0) return unreadable(file);
  std::string content;
  char piece[4096];
  for (;;) {
    const ssize_t got = ::read(opened.get(), piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unreadable(file);
    if (got == 0) return content;
    content.append(piece, static_cast<std::size_t>(got));
    if (content.size() > max_bytes) {
      return Error(ErrorKind::limit,
                   file + ": larger than " + std::to_string(max_bytes) + " bytes");
    }
  }
}

}  // namespace prombraid::tls
