#include "config/version.h"

#include "revision.h"

namespace prombraid::config {

namespace {

#define PROMBRAID_TEXT_OF(x) #x
#define PROMBRAID_TEXT(x) PROMBRAID_TEXT_OF(x)

constexpr std::string_view compiler =
#if defined(__clang__)
    "clang " PROMBRAID_TEXT(__clang_major__) "." PROMBRAID_TEXT(__clang_minor__) "." PROMBRAID_TEXT(
        __clang_patchlevel__);
#else
    "gcc " __VERSION__;
#endif

constexpr std::string_view platform =
#if defined(__x86_64__)
    "linux/amd64";
#elif defined(__aarch64__)
    "linux/arm64";
#else
        "linux/other";
#endif

}  // namespace

const Version& version() {
  static constexpr Version the_version{PROMBRAID_VERSION, PROMBRAID_REVISION, compiler, platform};
  return the_version;
}

std::string version_text() {
  const Version& v = version();
  std::string out = "prombraid, version ";
  out.append(v.number).append(" (revision: ").append(v.revision).append(")\n");
  out.append("  compiler:         ").append(v.compiler).append("\n");
  out.append("  platform:         ").append(v.platform).append("\n");
  return out;
}

}  // namespace prombraid::config
