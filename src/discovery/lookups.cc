#include "discovery/lookups.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace prombraid::discovery {

namespace {

using Kind = Address::Kind;

std::string without_dot(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  return name;
}

bool by_srv(Kind kind) {
  return kind == Kind::srv || kind == Kind::srv_no_a;
}

bool by_tls(const Address& address) {
  return address.scheme == Address::Scheme::https;
}

std::uint64_t count_of(const std::map<std::string, std::uint64_t>& failures) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : failures) sum += count;
  return sum;
}

bool leads_to(const Record& record, RecordType type, const Endpoint& endpoint) {
  if (type != RecordType::srv) return record.target == endpoint.ip;
  return record.port == endpoint.port && without_dot(record.target) == endpoint.host;
}

LookupStatus status_of(const Lookups::Key& key, const RefreshPolicy& policy, TimePoint now) {
  const auto millis = [](auto span) { return std::chrono::duration_cast<Millis>(span); };
  LookupStatus line;
  line.name = key.first;
  line.type = key.second;
  line.lookups = policy.lookups();
  line.failures = policy.failures();
  if (policy.last_success()) line.since_success = millis(now - *policy.last_success());
  if (policy.due()) line.until_next = std::max(millis(*policy.due() - now), Millis(0));
  line.size = policy.size();
  line.stale = policy.stale();
  line.last_answer = policy.last_text();
  return line;
}

}  // namespace

Lookups::Lookups(std::vector<Address> addresses, const RefreshOptions& refresh, TimePoint now)
    : addresses_(std::move(addresses)), refresh_(refresh) {
  keep_only_wanted(now);
}

std::vector<Lookups::Key> Lookups::take_due(TimePoint now) {
  std::vector<Key> due;
  for (auto& [key, question] : questions_) {
    if (!question.policy.due() || *question.policy.due() > now) continue;
    question.policy.asked(now);
    due.push_back(key);
  }
  return due;
}

std::optional<TimePoint> Lookups::next_due() const {
  std::optional<TimePoint> next;
  for (const auto& [key, question] : questions_) {
    const std::optional<TimePoint> due = question.policy.due();
    if (due) next = next ? std::min(*next, *due) : *due;
  }
  return next;
}

Lookups::Taken Lookups::answered(const Key& key, const Answer& answer, TimePoint now,
                                 double jitter) {
  const auto found = questions_.find(key);
  if (found == questions_.end()) return {};
  Question& question = found->second;
  question.answered = true;
  const std::uint64_t failures = count_of(question.policy.failures());
  switch (question.policy.answered(answer, now, jitter)) {
    case Verdict::replace:
      question.records = answer.records;
      break;
    case Verdict::clear:
      question.records.clear();
      break;
    case Verdict::keep:
      break;
  }
  const Taken taken{true, count_of(question.policy.failures()) != failures,
                    question.records.size()};
  if (key.second == RecordType::srv) keep_only_wanted(now);
  return taken;
}

void Lookups::keep_only_wanted(TimePoint now) {
  std::set<Key> wanted;
  const auto want_addresses_of = [&](const std::string& name) {
    wanted.emplace(name, RecordType::a);
    wanted.emplace(name, RecordType::aaaa);
  };
  for (const Address& address : addresses_) {
    if (address.kind == Kind::host || address.kind == Kind::dns) want_addresses_of(address.host);
    if (!by_srv(address.kind)) continue;
    const Key srv(address.host, RecordType::srv);
    wanted.insert(srv);
    const auto found = questions_.find(srv);
    if (found == questions_.end()) continue;
    for (const Record& record : found->second.records) want_addresses_of(record.target);
  }
  std::erase_if(questions_, [&](const auto& entry) { return !wanted.contains(entry.first); });
  std::erase_if(choices_, [&](const auto& entry) {
    return !wanted.contains(Key(entry.first.first, RecordType::a));
  });
  for (const Key& key : wanted) questions_.try_emplace(key, refresh_, now);
}

/// A name that has an address in one family is not waited for in the other.
bool Lookups::asked_all() const {
  return std::all_of(questions_.begin(), questions_.end(), [this](const auto& entry) {
    const auto& [key, question] = entry;
    if (question.answered) return true;
    return key.second != RecordType::srv && !addresses_of(key.first).empty();
  });
}

std::vector<Endpoint> Lookups::endpoints() {
  std::vector<Endpoint> out;
  for (const Address& address : addresses_) resolve(address, out);
  return out;
}

void Lookups::resolve(const Address& address, std::vector<Endpoint>& out) {
  if (address.kind == Kind::ip) {
    out.push_back({address.host, address.host, address.port, address.path, by_tls(address)});
  } else if (!by_srv(address.kind)) {
    resolve_name(address, {address.host, address.port}, out);
  } else if (const auto srv = questions_.find({address.host, RecordType::srv});
             srv != questions_.end()) {
    for (const Record& record : srv->second.records) {
      resolve_name(address, {record.target, record.port}, out);
    }
  }
}

void Lookups::resolve_name(const Address& address, const NameAndPort& name,
                           std::vector<Endpoint>& out) {
  const bool every = address.kind == Kind::dns || address.kind == Kind::srv;
  std::vector<std::string> ips =
      every ? addresses_of(name.first) : std::vector<std::string>{chosen(name)};
  for (std::string& ip : ips) {
    if (ip.empty()) continue;
    if (out.size() == max_endpoints) return;
    out.push_back(
        {without_dot(name.first), std::move(ip), name.second, address.path, by_tls(address)});
  }
}

/// IPv4 first, each family in order.
std::vector<std::string> Lookups::addresses_of(const std::string& name) const {
  std::vector<std::string> ips;
  for (const RecordType type : {RecordType::a, RecordType::aaaa}) {
    const auto found = questions_.find({name, type});
    if (found == questions_.end()) continue;
    for (const Record& record : found->second.records) ips.push_back(record.target);
  }
  return ips;
}

/// The address that stands for a name of one replica: the one in use while DNS still has it, else
/// the first. Empty where there is none, and until something was said about IPv4, lest the order
/// in which two answers arrive decides.
std::string Lookups::chosen(const NameAndPort& name) {
  const auto v4 = questions_.find({name.first, RecordType::a});
  if (v4 == questions_.end() || !v4->second.answered) return {};
  const std::vector<std::string> ips = addresses_of(name.first);
  if (ips.empty()) return {};
  std::string& ip = choices_[name].ip;
  if (std::find(ips.begin(), ips.end(), ip) == ips.end()) ip = ips.front();
  return ip;
}

void Lookups::nudge(const Endpoint& endpoint, TimePoint now) {
  for (auto& [key, question] : questions_) {
    const bool led = std::any_of(
        question.records.begin(), question.records.end(),
        [&, type = key.second](const Record& record) { return leads_to(record, type, endpoint); });
    if (led) question.policy.nudge(now);
  }
  move_on_from(endpoint, now);
}

/// At most once in `minimum`: a replica that is down for good would otherwise change its address,
/// and with it its name in every log and metric, with each read.
void Lookups::move_on_from(const Endpoint& endpoint, TimePoint now) {
  for (auto& [name, choice] : choices_) {
    if (choice.ip != endpoint.ip || name.second != endpoint.port) continue;
    if (choice.moved && now - *choice.moved < refresh_.minimum) continue;
    const std::vector<std::string> ips = addresses_of(name.first);
    const auto at = std::find(ips.begin(), ips.end(), choice.ip);
    if (at == ips.end()) continue;
    choice.ip = std::next(at) == ips.end() ? ips.front() : *std::next(at);
    choice.moved = now;
  }
}

std::vector<LookupStatus> Lookups::status(TimePoint now) const {
  std::vector<LookupStatus> lines;
  for (const auto& [key, question] : questions_) {
    lines.push_back(status_of(key, question.policy, now));
  }
  return lines;
}

}  // namespace prombraid::discovery
