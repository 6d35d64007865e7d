#include "read/sets.h"

#include <algorithm>

namespace prombraid::read {

std::string Sets::name_of(const query::MemberRead& read) const {
  const std::string& name = member(read).name;
  return seats.size() == 1 ? name : seats[read.set].settings->name + "/" + name;
}

Error no_replica(const std::string& set) {
  return {ErrorKind::unavailable,
          (set.empty() ? "" : "set " + set + ": ") +
              "no replica is known yet: DNS has given no address, or none has been looked at; "
              "the page at / says what was tried"};
}

bool Sets::any_replica() const {
  return std::any_of(seats.begin(), seats.end(),
                     [](const SetSeat& seat) { return seat.set && !seat.set->members.empty(); });
}

Result<std::vector<std::string>> Sets::without_replicas(const query::Plan& plan) const {
  std::vector<std::string> out;
  for (std::size_t s = 0; s < seats.size(); ++s) {
    const SetSeat& seat = seats[s];
    if (!plan.asked_sets[s] || (seat.set && !seat.set->members.empty())) continue;
    out.push_back(seat.settings->name);
    if (seat.settings->min_replicas > 0 || plan.reads.empty()) return no_replica(out.back());
  }
  return out;
}

std::vector<query::SetView> Sets::views() const {
  static const query::ReplicaLabels none_found;
  std::vector<query::SetView> out;
  for (const SetSeat& seat : seats) {
    if (seat.set) {
      out.push_back({seat.set->members, seat.set->replica_labels, seat.settings->rules});
    } else {
      out.push_back({{}, none_found, seat.settings->rules});
    }
  }
  return out;
}

}  // namespace prombraid::read
