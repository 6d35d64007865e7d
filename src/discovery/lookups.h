/// What is looked up for a list of addresses, what it brought, and the endpoints that this makes.
///
/// A machine: it asks nobody and reads no clock, but is told what came, and when.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "discovery/address.h"
#include "discovery/endpoint.h"
#include "discovery/refresh_policy.h"

namespace prombraid::discovery {

/// One line of the status page: one name and record type.
struct LookupStatus {
  std::string name;
  RecordType type = RecordType::a;
  std::uint64_t lookups = 0;
  std::map<std::string, std::uint64_t> failures;  ///< by Answer::reason
  std::optional<Millis> since_success;            ///< nothing: never yet
  std::optional<Millis> until_next;               ///< nothing: being asked right now
  std::size_t size = 0;                           ///< records kept
  bool stale = false;                             ///< they are those of an older answer
  std::string last_answer;                        ///< one line for people
};

/// An SRV name leads to a thousand targets at most, and each of them to as many addresses
/// (max_records). Of so many endpoints the first ones are taken.
inline constexpr std::size_t max_endpoints = 10 * max_records;

class Lookups {
 public:
  using Key = std::pair<std::string, RecordType>;

  /// What an answer came to.
  struct Taken {
    bool wanted = false;   ///< false: of an SRV target that is gone by now, and not looked at
    bool failed = false;   ///< it brought nothing that could be believed
    std::size_t kept = 0;  ///< records that the name has now
  };

  /// Every name is due at `now`.
  Lookups(std::vector<Address> addresses, const RefreshOptions& refresh, TimePoint now);

  /// What is to be asked now, and counts as asked from here on.
  std::vector<Key> take_due(TimePoint now);
  /// When there will be something to ask; nothing: not before an answer has come.
  std::optional<TimePoint> next_due() const;

  /// `jitter` as RefreshPolicy::answered has it.
  Taken answered(const Key& key, const Answer& answer, TimePoint now, double jitter);

  /// Every name has brought an address or was looked up in vain, once.
  bool asked_all() const;

  /// In the order of the addresses, and of the records within one, the first `max_endpoints` of
  /// them. A name that stands for one replica keeps the address it was given as long as DNS has it.
  std::vector<Endpoint> endpoints();

  /// A connection to `endpoint` failed: what led to it is due early, and a name that stands for one
  /// replica moves on to its next address.
  void nudge(const Endpoint& endpoint, TimePoint now);

  std::vector<LookupStatus> status(TimePoint now) const;  ///< by name, then type

 private:
  using NameAndPort = std::pair<std::string, std::uint16_t>;

  struct Question {
    Question(const RefreshOptions& options, TimePoint now) : policy(options, now) {}
    RefreshPolicy policy;
    std::vector<Record> records;
    bool answered = false;  ///< at least once, even by a failure
  };

  /// A name that stands for one replica, and the address of it in use.
  struct Choice {
    std::string ip;
    std::optional<TimePoint> moved;
  };

  void keep_only_wanted(TimePoint now);
  void resolve(const Address& address, std::vector<Endpoint>& out);
  void resolve_name(const Address& address, const NameAndPort& name, std::vector<Endpoint>& out);
  std::vector<std::string> addresses_of(const std::string& name) const;
  std::string chosen(const NameAndPort& name);
  void move_on_from(const Endpoint& endpoint, TimePoint now);

  std::vector<Address> addresses_;
  RefreshOptions refresh_;
  std::map<Key, Question> questions_;
  std::map<NameAndPort, Choice> choices_;
};

}  // namespace prombraid::discovery
