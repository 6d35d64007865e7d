#include "discovery/hosts_file.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <utility>

#include "discovery/endpoint.h"

namespace prombraid::discovery {
namespace {

/// The next word of `line`; empty at its end.
std::string_view next_word(std::string_view& line) {
  constexpr std::string_view blanks = " \t\r\v\f";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

bool same_name(std::string_view a, std::string_view b) {
  if (a.ends_with('.')) a.remove_suffix(1);
  if (b.ends_with('.')) b.remove_suffix(1);
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

bool names(std::string_view line, std::string_view name) {
  for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
    if (same_name(word, name)) return true;
  }
  return false;
}

}  // namespace

Answer read_hosts(std::string_view text, std::string_view name, RecordType type) {
  Answer answer;
  answer.kind = Answer::Kind::no_such_name;
  answer.text = "not in the hosts file";
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const std::string_view address = next_word(line);
    if (address.empty() || !names(line, name)) continue;
    std::optional<std::string> ip = canonical_ip(address);
    if (!ip) continue;
    if (answer.kind == Answer::Kind::no_such_name) answer.kind = Answer::Kind::no_records;
    const bool v6 = ip->find(':') != std::string::npos;
    if (v6 != (type == RecordType::aaaa)) continue;
    if (is_unspecified(*ip) || answer.records.size() >= max_records) {
      ++answer.left_out;
    } else {
      answer.records.push_back({std::move(*ip), 0});
    }
  }
  std::sort(answer.records.begin(), answer.records.end());
  answer.records.erase(std::unique(answer.records.begin(), answer.records.end()),
                       answer.records.end());
  if (!answer.records.empty()) answer.kind = Answer::Kind::records;
  answer.ttl = answer.records.empty() ? 0 : 5;
  if (answer.kind != Answer::Kind::no_such_name) {
    answer.text = std::to_string(answer.records.size()) + " " + name_of(type) +
                  " addresses in the hosts file";
  }
  return answer;
}

}  // namespace prombraid::discovery
