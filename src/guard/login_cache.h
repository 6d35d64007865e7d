/// Remembers which logins were right and which were not, as bcrypt is slow by design.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace prombraid::guard {

/// Passwords are not kept: an entry is HMAC-SHA256 over name, hash and password, each with its
/// length in front (without that two logins could share an entry: CVE-2022-46146), by a random key
/// of this process. A changed hash is thereby another entry. Wrong logins have room of their own,
/// so that guessing pushes nobody out. Not thread-safe.
class LoginCache {
 public:
  explicit LoginCache(std::size_t entries_of_a_kind = 256);

  using Digest = std::array<unsigned char, 32>;
  Digest digest(std::string_view name, std::string_view hash, std::string_view password) const;

  /// Right, wrong, or nothing where it is not known.
  std::optional<bool> find(const Digest& login) const;
  void keep(const Digest& login, bool right);

  std::size_t size() const { return kinds_[0].order.size() + kinds_[1].order.size(); }

 private:
  /// Keyed digests are as good as random, and nobody outside can choose them.
  struct Hash {
    std::size_t operator()(const Digest& digest) const;
  };
  struct Equal {
    bool operator()(const Digest& a, const Digest& b) const;  ///< in constant time
  };
  struct Kind {
    std::unordered_map<Digest, bool, Hash, Equal> logins;
    std::deque<Digest> order;  ///< oldest first
  };

  std::size_t entries_;
  std::array<unsigned char, 32> key_;
  std::array<Kind, 2> kinds_;
};

}  // namespace prombraid::guard
