#include <sstream>

#include "config/flag_table.h"
#include "config/nearest.h"

namespace prombraid::config {

namespace {

constexpr std::size_t width = 80;
constexpr std::size_t help_column = 10;

/// Appends `text` in lines that begin at `help_column`.
void append_wrapped(std::string& out, const std::string& text) {
  std::istringstream words(text);
  const std::string indent(help_column, ' ');
  std::string line;
  for (std::string word; words >> word;) {
    if (!line.empty() && help_column + line.size() + 1 + word.size() > width) {
      out += indent + line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  out += indent + line + '\n';
}

void append_flag(std::string& out, const std::string& spelling, const std::string& help) {
  out += "  " + spelling + '\n';
  append_wrapped(out, help);
}

void append_flags(std::string& out, const std::vector<Flag>& flags) {
  std::string group;
  for (const Flag& flag : flags) {
    if (flag.group != group) out += "\n" + flag.group + ":\n";
    group = flag.group;
    const bool word = flag.set.type == ValueType::boolean;
    append_flag(out,
                word ? "--[no-]" + flag.name
                     : "--" + flag.name + '=' + flag.shown + (flag.repeatable ? " ..." : ""),
                flag.help);
  }
  out += "\nOther:\n";
  append_flag(out, "-h, --help", "Show this text.");
}

constexpr const char* values =
    "\nA flag's value is shown where it has a default; ... may be repeated.\n"
    "Durations are written as 1h30m or 250ms, sizes as 64MiB, counts as 50000000\n"
    "or 5e7. ";

constexpr const char* codes = "Exit codes: 0 fine, 1 could not start or run, 2 bad command line.\n";

}  // namespace

std::string help_text(const std::vector<Flag>& flags) {
  std::string out =
      "usage: prombraid --replicas=ADDRESS [--replicas=ADDRESS ...] [<flags>]\n"
      "       prombraid --config.file=FILE [<flags>]\n"
      "       prombraid explain|diff|read --help\n"
      "       prombraid check config|web-config FILE\n"
      "       prombraid check healthy|ready [--url=URL] [--timeout=TIME]\n\n"
      "Reads every Prometheus replica over remote_read and answers as if there were\n"
      "one that never failed. `prombraid explain` says of a selector what was taken\n"
      "from which replica, and why.\n";
  append_flags(out, flags);
  append_flag(out, "--version", "Show which build this is.");
  append_flag(out, "--help-man", "Write the manual page.");
  append_flag(out, "--completion-script-bash, --completion-script-zsh",
              "Write the script by which the shell completes flags.");
  return out + values + codes;
}

namespace {

constexpr const char* diff_text =
    "Reads the replicas and prints, for each series in which they differ, their\n"
    "holes, the values that disagree at the same time, and by how much the scrapes\n"
    "of one come after those of the first.\n";

constexpr const char* diff_codes =
    "Exit codes: 0 they agree, 1 they differ, 2 they can't be compared, or a\n"
    "bad command line.\n";

}  // namespace

std::string explain_help_text(const std::vector<Flag>& flags, std::string_view command) {
  std::string out = "usage: prombraid " + std::string(command) +
                    " --replicas=ADDRESS [--replicas=ADDRESS ...]\n"
                    "           --match=SELECTOR [--start=TIME] [--end=TIME] [<flags>]\n\n";
  if (command == "diff") {
    out += diff_text;
    append_flags(out, flags);
    return out + values + diff_codes;
  }
  out +=
      "Reads the replicas as the server would, and prints per series which of them\n"
      "was used from when to when and why, what each has and where it has holes, the\n"
      "scrape interval, and where replicas disagree.\n";
  append_flags(out, flags);
  return out + values + codes;
}

std::string read_help_text(const std::vector<Flag>& flags) {
  std::string out =
      "usage: prombraid read --url=URL --match=SELECTOR [--start=TIME] [--end=TIME]\n"
      "           [<flags>]\n\n"
      "Reads from one server over remote_read, a Prometheus or Prombraid itself, and\n"
      "writes what it answers.\n";
  append_flags(out, flags);
  return out + values + codes;
}

std::string nearest_name(const std::vector<Flag>& flags, const std::string& name) {
  std::vector<std::string> known;
  for (const Flag& flag : flags) known.push_back(flag.name);
  known.insert(known.end(), {"help", "version"});
  return nearest_of(known, name);
}

}  // namespace prombraid::config
