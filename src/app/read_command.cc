#include "app/read_command.h"

#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <unistd.h>

#include "app/one_endpoint.h"
#include "app/sample_lines.h"
#include "query/selector.h"
#include "replica/read_stream.h"
#include "wire/request.h"

namespace prombraid::app {

namespace asio = boost::asio;

namespace {

using Clock = std::chrono::steady_clock;

/// One line on a terminal, written over and over.
class Progress {
 public:
  explicit Progress(std::FILE* to) : to_(to), shown_(isatty(fileno(to)) == 1) {}
  ~Progress() {
    if (begun_) std::fputs("\r\033[K", to_);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tell(std::uint64_t series, std::uint64_t samples, std::uint64_t bytes) {
    constexpr auto pause = std::chrono::milliseconds(200);
    const auto now = Clock::now();
    if (!shown_ || now - last_ < pause) return;
    last_ = now;
    begun_ = true;
    std::fprintf(to_, "\r\033[K%llu series, %llu samples, %.1f MiB",
                 static_cast<unsigned long long>(series), static_cast<unsigned long long>(samples),
                 static_cast<double>(bytes) / (1 << 20));
    std::fflush(to_);
  }

 private:
  std::FILE* to_;
  const bool shown_;
  bool begun_ = false;
  Clock::time_point last_ = Clock::now();
};

class Reading {
 public:
  Reading(const config::ReadConfig& config, std::FILE* out, std::FILE* errors)
      : config_(config), out_(out), errors_(errors), progress_(errors) {}

  asio::awaitable<Result<void>> run(replica::Connections& connections, discovery::Endpoint endpoint,
                                    std::string body) {
    replica::ReadOptions options;
    options.deadline = Clock::now() + config_.timeout;
    auto stream =
        co_await replica::ReadStream::open(connections, endpoint, std::move(body), options);
    if (!stream) co_return stream.error().error;
    for (;;) {
      auto next = co_await (*stream)->next();
      if (!next) co_return next.error().error;
      if (!*next) break;
      auto added = add((*next)->strand);
      if (added.has_error()) co_return added;
      progress_.tell(series_, samples_, (*stream)->stats().bytes);
    }
    text_ += ending(config_.format);
    co_return flush();
  }

  /// What was read and could not be told.
  void tell_left_out() {
    if (left_out_ == 0) return;
    std::fprintf(errors_, "%llu histograms and stale markers are left out, as this form has none\n",
                 static_cast<unsigned long long>(left_out_));
  }

 private:
  Result<void> add(const Strand& strand) {
    auto written = append_series(text_, strand, config_.format);
    if (written.has_error()) return std::move(written).error();
    ++series_;
    samples_ += written->samples;
    left_out_ += written->left_out;
    constexpr std::size_t enough = 64 << 10;
    return text_.size() < enough ? Result<void>() : flush();
  }

  Result<void> flush() {
    const std::size_t out = std::fwrite(text_.data(), 1, text_.size(), out_);
    const bool whole = out == text_.size() && std::fflush(out_) == 0;
    text_.clear();
    if (!whole) return Error(ErrorKind::unavailable, "the output can't be written");
    return {};
  }

  const config::ReadConfig& config_;
  std::FILE* out_;
  std::FILE* errors_;
  Progress progress_;
  std::string text_;
  std::uint64_t series_ = 0;
  std::uint64_t samples_ = 0;
  std::uint64_t left_out_ = 0;
};

std::string request_body(const config::ReadConfig& config, std::vector<Matcher> matchers) {
  wire::ReadRequest request;
  request.queries.push_back({{*config.start, config.end}, std::move(matchers), {}});
  using wire::ResponseType;
  request.accepted = {static_cast<std::uint32_t>(ResponseType::samples)};
  if (!config.samples) {
    request.accepted.insert(request.accepted.begin(),
                            static_cast<std::uint32_t>(ResponseType::streamed_chunks));
  }
  return wire::encode_read_request(request);
}

}  // namespace

Result<void> read(const config::ReadConfig& config, std::FILE* out, std::FILE* errors) {
  auto matchers = query::parse_selector(config.match);
  if (matchers.has_error()) return std::move(matchers).error().in("--match");
  auto endpoint = endpoint_of(config.url);
  if (endpoint.has_error()) return std::move(endpoint).error().in("--url");
  asio::io_context io;
  replica::Connections connections(io.get_executor(), replica::ConnectOptions());
  Result<void> result = Error(ErrorKind::internal, "nothing was read");
  {
    Reading reading(config, out, errors);
    asio::co_spawn(io, reading.run(connections, *endpoint, request_body(config, *matchers)),
                   [&](const std::exception_ptr& thrown, Result<void> done) {
                     if (!thrown) result = std::move(done);
                     connections.close_idle();
                   });
    io.run();
    reading.tell_left_out();
  }
  return result;
}

}  // namespace prombraid::app
