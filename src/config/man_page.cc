#include "config/shell_text.h"
#include "config/version.h"

namespace prombraid::config {

namespace {

/// Text as roff shows it: a line that begins with a dot or a quote is a request, a bare minus a
/// hyphen that can't be copied.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool begins = out.empty() || out.back() == '\n';
    if (begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string flag_text(const Flag& flag) {
  std::string out = ".TP\n\\fB" + roff("--" + flag.name) + "\\fR";
  if (!flag.shown.empty()) out += "=\\fI" + roff(flag.shown) + "\\fR";
  if (flag.repeatable) out += " ...";
  return out + "\n" + roff(flag.help) + "\n";
}

constexpr const char* about =
    ".SH NAME\nprombraid \\- one gap\\-free answer over remote_read from every replica\n"
    ".SH SYNOPSIS\n.B prombraid\n\\fB\\-\\-replicas\\fR=\\fIADDRESS\\fR ... [\\fIflags\\fR]\n"
    ".br\n.B prombraid explain\n[\\fIflags\\fR]\n"
    ".br\n.B prombraid diff\n[\\fIflags\\fR]\n"
    ".br\n.B prombraid read\n[\\fIflags\\fR]\n"
    ".br\n.B prombraid check\n\\fBconfig\\fR \\fIFILE\\fR | \\fBweb\\-config\\fR \\fIFILE\\fR | "
    "\\fBhealthy\\fR | \\fBready\\fR\n"
    ".SH DESCRIPTION\nReads every Prometheus replica over remote_read and answers as if there "
    "were one that never failed.\n"
    "Each command tells of its own flags with \\fB\\-\\-help\\fR.\n"
    "A flag's value is shown where it has a default; ... may be repeated.\n"
    "Durations are written as 1h30m or 250ms, sizes as 64MiB, counts as 50000000 or 5e7.\n";

constexpr const char* ending =
    ".SH EXIT STATUS\n.TP\n.B 0\nfine\n.TP\n.B 1\ncould not start or run; of \\fBdiff\\fR: "
    "replicas "
    "differ; of \\fBcheck\\fR: it is not so\n.TP\n.B 2\n"
    "bad command line; of \\fBdiff\\fR: could not compare\n"
    ".SH SIGNALS\nSIGTERM and SIGINT drain: no new connections, running answers finish within "
    "30 seconds. A second signal ends at once. SIGHUP reads \\fB\\-\\-config.file\\fR anew.\n"
    ".SH SEE ALSO\n.BR prometheus (1)\n";

}  // namespace

std::string man_page(const std::vector<Flag>& flags) {
  std::string out = ".TH PROMBRAID 1 \"\" \"Prombraid " + roff(version().number) + "\"\n";
  out += about;
  out += ".SH OPTIONS\n";
  std::string group;
  for (const Flag& flag : flags) {
    if (flag.group != group) out += ".SS " + roff(flag.group) + "\n";
    group = flag.group;
    out += flag_text(flag);
  }
  return out + ending;
}

}  // namespace prombraid::config
