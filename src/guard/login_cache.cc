#include "guard/login_cache.h"

#include <cstring>
#include <new>
#include <string>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace prombraid::guard {

LoginCache::LoginCache(std::size_t entries_of_a_kind) : entries_(entries_of_a_kind) {
  // Without random bytes there is no safe key: OpenSSL then has bigger trouble than this.
  if (RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) throw std::bad_alloc();
}

LoginCache::Digest LoginCache::digest(std::string_view name, std::string_view hash,
                                      std::string_view password) const {
  std::string text;
  for (const std::string_view part : {name, hash, password}) {
    const std::uint64_t size = part.size();
    text.append(reinterpret_cast<const char*>(&size), sizeof size).append(part);
  }
  Digest out;
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data(), &size);
  OPENSSL_cleanse(text.data(), text.size());
  return out;
}

std::optional<bool> LoginCache::find(const Digest& login) const {
  for (const Kind& kind : kinds_) {
    const auto found = kind.logins.find(login);
    if (found != kind.logins.end()) return found->second;
  }
  return std::nullopt;
}

void LoginCache::keep(const Digest& login, bool right) {
  Kind& kind = kinds_[right ? 1 : 0];
  if (!kind.logins.emplace(login, right).second) return;
  kind.order.push_back(login);
  if (kind.order.size() <= entries_) return;
  kind.logins.erase(kind.order.front());
  kind.order.pop_front();
}

std::size_t LoginCache::Hash::operator()(const Digest& digest) const {
  std::size_t out = 0;
  std::memcpy(&out, digest.data(), sizeof out);
  return out;
}

bool LoginCache::Equal::operator()(const Digest& a, const Digest& b) const {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace prombraid::guard
