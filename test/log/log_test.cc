#include "log/log.h"

#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

namespace prombraid::log {
namespace {

/// Stderr is a pipe for as long as this lives.
class StderrPipe {
 public:
  StderrPipe() : saved_(::dup(STDERR_FILENO)) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    reader_ = ends[0];
    ::fcntl(reader_, F_SETFL, O_NONBLOCK);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[1]);
  }
  ~StderrPipe() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    ::close(reader_);
  }
  StderrPipe(const StderrPipe&) = delete;
  StderrPipe& operator=(const StderrPipe&) = delete;

  std::string read_all() const {
    std::string all;
    char part[4096];
    for (ssize_t n; (n = ::read(reader_, part, sizeof part)) > 0;) {
      all.append(part, static_cast<std::size_t>(n));
    }
    return all;
  }

 private:
  int saved_;
  int reader_ = -1;
};

TEST_CASE("a line goes to stderr, below the level none does") {
  const StderrPipe pipe;
  start(Level::warn, Format::logfmt);
  info("no");
  warn("yes", {{"key", "value"}});
  start(Level::info, Format::logfmt);
  const std::string text = pipe.read_all();
  CHECK(text.starts_with("time=20"));
  CHECK(text.ends_with("Z level=WARN msg=yes key=value\n"));
}

TEST_CASE("a pipe that nobody reads never stops the writer, and the loss is told") {
  const StderrPipe pipe;
  const std::string filler(1000, 'x');
  for (int i = 0; i < 200; ++i) info(filler);  // a pipe holds 64 KiB
  const std::string first = pipe.read_all();
  CHECK(first.size() <= 65536);
  CHECK(first.back() == '\n');
  info("again");
  const std::string then = pipe.read_all();
  CHECK(then.starts_with("time=20"));
  CHECK(then.find("log lines dropped\" count=") != std::string::npos);
  CHECK(then.ends_with("msg=again\n"));
}

TEST_CASE("the loss is told in the form of all lines") {
  const StderrPipe pipe;
  start(Level::info, Format::json);
  const std::string filler(1000, 'x');
  for (int i = 0; i < 200; ++i) info(filler);
  pipe.read_all();
  info("again");
  const std::string then = pipe.read_all();
  start(Level::info, Format::logfmt);
  CHECK(then.starts_with("{\"time\":\"20"));
  CHECK(then.find("\"msg\":\"log lines dropped\",\"count\":") != std::string::npos);
}

}  // namespace
}  // namespace prombraid::log
