#include "config/shell_text.h"

namespace prombraid::config {

namespace {

constexpr const char* commands = "check diff explain read";

/// In single quotes for a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

bool names_a_file(const Flag& flag) {
  return flag.name.ends_with(".file");
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

/// The first sentence, without what zsh reads as the end of a description.
std::string short_help(const Flag& flag) {
  std::string out = flag.help.substr(0, flag.help.find(". "));
  for (char& c : out) {
    if (c == '[' || c == ']' || c == ':') c = ' ';
  }
  return out;
}

}  // namespace

std::string bash_completion(const std::vector<Flag>& flags) {
  std::string all = "--help --version";
  std::string cases;
  for (const Flag& flag : flags) {
    all += " --" + flag.name;
    if (names_a_file(flag)) {
      cases +=
          "    --" + flag.name + ") mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n";
    } else if (!flag.set.choices.empty()) {
      cases += "    --" + flag.name + ") mapfile -t COMPREPLY < <(compgen -W " +
               quoted(joined(flag.set.choices)) + " -- \"$cur\"); return ;;\n";
    }
  }
  return "# bash completion of prombraid\n"
         "_prombraid() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  if [[ $cur == = ]]; then cur=; fi\n"
         "  if [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
         "  case $prev in\n" +
         cases +
         "  esac\n"
         "  local words=" +
         quoted(all) +
         "\n"
         "  if [[ $COMP_CWORD == 1 ]]; then words+=" +
         quoted(std::string(" ") + commands) +
         "; fi\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
         "}\n"
         "complete -F _prombraid prombraid\n";
}

std::string zsh_completion(const std::vector<Flag>& flags) {
  std::string out =
      "#compdef prombraid\n_arguments \\\n  '(-h --help)'{-h,--help}'[show all flags]' \\\n"
      "  '--version[show which build this is]' \\\n";
  for (const Flag& flag : flags) {
    std::string spec = (flag.repeatable ? "*--" : "--") + flag.name;
    const bool value = flag.set.type != ValueType::boolean;
    spec += (value ? "=[" : "[") + short_help(flag) + "]";
    if (names_a_file(flag)) {
      spec += ":file:_files";
    } else if (!flag.set.choices.empty()) {
      spec += ":value:(" + joined(flag.set.choices) + ")";
    } else if (value) {
      spec += ":value:";
    }
    out += "  " + quoted(spec) + " \\\n";
  }
  return out + "  '1:command:(" + commands + ")'\n";
}

std::optional<std::string> shell_text(std::string_view word) {
  Config config;
  config.web_listen_addresses = {":9201"};
  const auto flags = flag_table(config);
  if (word == "--help-man") return man_page(flags);
  if (word == "--completion-script-bash") return bash_completion(flags);
  if (word == "--completion-script-zsh") return zsh_completion(flags);
  return std::nullopt;
}

}  // namespace prombraid::config
