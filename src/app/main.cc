#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <span>
#include <string_view>

#include <malloc.h>
#include <sys/resource.h>

#include "app/check_command.h"
#include "app/diff_command.h"
#include "app/explain_command.h"
#include "app/process.h"
#include "app/read_command.h"
#include "config/flags.h"
#include "config/shell_text.h"
#include "log/log.h"

namespace {

using namespace prombraid;

/// Exit codes as Prometheus's own: 1 for what fails while starting or running, 2 for a bad command
/// line.
constexpr int failed_to_run = 1;
constexpr int bad_arguments = 2;

/// A connection here takes one descriptor for its client and one a replica.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// The buffers of a large SAMPLES answer (wire/snappy_block.cc) are pages of their own, gone with
/// the answer. Left alone, glibc raises its threshold when the first of them is freed, and from
/// then on each thread's arena keeps what its largest answer took: over five replicas 134 MiB were
/// held for an answer of 68. Below 256 KiB lies snappy's working memory, which is taken and freed
/// for each fragment: as pages of its own it made such reads a fifth dearer.
void give_large_memory_back() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

int exit_with(const config::Exit& exit) {
  std::fputs(exit.text.c_str(), exit.code == 0 ? stdout : stderr);
  return exit.code;
}

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

int fail(const Error& error) {
  std::fprintf(stderr, "prombraid: error: %s\n", error.what.c_str());
  return error.kind == ErrorKind::bad_request ? bad_arguments : failed_to_run;
}

/// As diff(1): 0 where the replicas agree, 1 where they do not, 2 where they can't be compared.
int diff(int argc, char** argv) {
  auto parsed = config::parse_explain_flags(argc, argv, config::read_host_limits(), now_ms());
  if (const auto* exit = std::get_if<config::Exit>(&parsed)) return exit_with(*exit);
  const auto& config = std::get<config::ExplainConfig>(parsed);
  log::start(config.server.log_level, config.server.log_format);
  const auto found = app::diff(config);
  if (found.has_error()) {
    fail(found.error());
    return bad_arguments;
  }
  if (std::fputs(found->text.c_str(), stdout) < 0) return bad_arguments;
  return found->found ? 1 : 0;
}

int read_from_server(int argc, char** argv) {
  auto parsed = config::parse_read_flags(argc, argv, now_ms());
  if (const auto* exit = std::get_if<config::Exit>(&parsed)) return exit_with(*exit);
  const auto done = app::read(std::get<config::ReadConfig>(parsed), stdout, stderr);
  return done.has_error() ? fail(done.error()) : 0;
}

int explain(int argc, char** argv) {
  auto parsed = config::parse_explain_flags(argc, argv, config::read_host_limits(), now_ms());
  if (const auto* exit = std::get_if<config::Exit>(&parsed)) return exit_with(*exit);
  auto& config = std::get<config::ExplainConfig>(parsed);
  log::start(config.server.log_level, config.server.log_format);
  auto page = app::explain(std::move(config));
  if (!page.has_error()) return std::fputs(page->c_str(), stdout) < 0 ? failed_to_run : 0;
  return fail(page.error());
}

int check(int argc, char** argv) {
  const auto words = std::span<const char* const>(argv, static_cast<std::size_t>(argc)).subspan(2);
  const app::Verdict verdict = app::check_command(words);
  std::fputs(verdict.out.c_str(), stdout);
  std::fputs(verdict.errors.c_str(), stderr);
  return verdict.code;
}

/// The command line again, and the file that it names: what of it is wrong is an Error now.
Result<config::Config> load(int argc, char** argv) {
  auto parsed = config::parse_flags(argc, argv, config::read_host_limits());
  if (const auto* exit = std::get_if<config::Exit>(&parsed)) {
    return Error(ErrorKind::bad_request, config::fault_of(*exit));
  }
  return std::get<config::Config>(std::move(parsed));
}

int run(config::Config config, app::Process::Load load) {
  log::start(config.log_level, config.log_format);
  // There is nothing to dump: who sends this out of habit must not end the process. Nor must a
  // SIGHUP before the one who obeys it is there.
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGUSR1, SIG_IGN);
  raise_descriptor_limit();
  give_large_memory_back();
  app::Process process(std::move(config), std::move(load));
  if (auto started = process.start(); started.has_error()) {
    log::error("cannot start", {{"error", started.error().what}});
    return started.error().kind == ErrorKind::bad_request ? bad_arguments : failed_to_run;
  }
  return process.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::signal(SIGPIPE, SIG_IGN);
    if (config::asks_explain(argc, argv)) return explain(argc, argv);
    if (argc > 1 && std::string_view(argv[1]) == "check") return check(argc, argv);
    if (argc > 1 && std::string_view(argv[1]) == "diff") return diff(argc, argv);
    if (argc > 1 && std::string_view(argv[1]) == "read") return read_from_server(argc, argv);
    if (argc == 2) {
      if (const auto text = config::shell_text(argv[1])) return exit_with({0, *text});
    }
    auto parsed = config::parse_flags(argc, argv, config::read_host_limits());
    if (const auto* exit = std::get_if<config::Exit>(&parsed)) return exit_with(*exit);
    return run(std::get<config::Config>(std::move(parsed)),
               [argc, argv] { return load(argc, argv); });
  } catch (const std::exception& e) {
    std::fprintf(stderr, "prombraid: %s\n", e.what());
    return failed_to_run;
  }
}
