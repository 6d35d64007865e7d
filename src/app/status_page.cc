#include "app/status_page.h"

#include <fmt/format.h>

#include "config/version.h"
#include "replica/said.h"

namespace prombraid::app {

namespace {

/// Of what a replica says of itself, no more than fits a page and nothing that a terminal obeys.
std::string printable(std::string_view said) {
  constexpr std::size_t longest = 1000;
  return replica::printable(said, longest);
}

std::string replica_lines(const read::ReplicaSet& set) {
  std::string out;
  for (std::size_t i = 0; i < set.replicas.size(); ++i) {
    const read::Replica& replica = set.replicas[i];
    const query::Member& member = set.members[i];
    out += fmt::format("  {}. {}  {}  {}  {}\n", i + 1, member.name,
                       replica.problem.empty() ? "up" : "DOWN",
                       replica.version.empty() ? "version unknown" : printable(replica.version),
                       member.external_labels ? printable(to_string(*member.external_labels))
                                              : "external labels unknown");
    if (!replica.problem.empty()) out += fmt::format("     {}\n", replica.problem);
    if (replica.several) {
      out +=
          "     several replicas answer at this address, as behind a load balancer:\n"
          "     give each an address of its own, in Kubernetes by a headless service\n";
    }
  }
  return out;
}

std::string seconds(const std::optional<discovery::Millis>& since, const char* never) {
  return since ? fmt::format("{:.0f} s", static_cast<double>(since->count()) / 1000) : never;
}

std::string dns_lines(const discovery::DiscoveryStatus& discovery) {
  if (discovery.lookups.empty()) return "  no name to look up\n";
  std::string out;
  for (const auto& lookup : discovery.lookups) {
    out += fmt::format("  {} {}: {} records{}, last good answer {} ago; {}\n", lookup.name,
                       discovery::name_of(lookup.type), lookup.size,
                       lookup.stale ? " of an older answer" : "",
                       seconds(lookup.since_success, "never"), lookup.last_answer);
  }
  return out;
}

std::string set_lines(const SetStatus& status) {
  const read::ReplicaSet* set = status.set.get();
  const std::size_t known = set ? set->replicas.size() : 0;
  std::string out = "\nReplicas, the preferred one first:\n";
  out += known > 0 ? replica_lines(*set) : "  none yet\n";
  if (known < status.expected) {
    out += fmt::format("  {} of {} expected replicas\n", known, status.expected);
  }
  if (set) {
    out += "\nReplica labels, left out of answers:";
    for (const std::string& name : set->replica_labels.names()) out += " " + name;
    out += "\n";
  }
  return out + "\nDNS:\n" + dns_lines(status.discovery);
}

}  // namespace

std::string status_page(std::span<const SetStatus> sets) {
  std::string out = fmt::format("Prombraid {}\n", config::version().number);
  for (const SetStatus& set : sets) {
    if (sets.size() > 1) out += fmt::format("\nSet {}\n", set.name);
    out += set_lines(set);
  }
  return out +
         "\nPOST /api/v1/read   the merged replicas, over remote_read\n"
         "GET  /-/healthy     this process runs\n"
         "GET  /-/ready       it can answer\n"
         "GET  /metrics       its metrics\n";
}

}  // namespace prombraid::app
