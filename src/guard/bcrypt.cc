#include "guard/bcrypt.h"

#include <cstring>
#include <memory>

#include <crypt.h>
#include <openssl/crypto.h>

namespace prombraid::guard {

const char* const nobodys_hash = "$2y$10$7DhKgkvDYDU0F0E7azeDj.vm/6zl1QMO7OwHNegH/XgHZ5Yn2tOlu";

bool matches_bcrypt(const std::string& hash, const std::string& password) {
  constexpr std::size_t longest = CRYPT_MAX_PASSPHRASE_SIZE;
  if (password.size() > longest || password.find('\0') != std::string::npos) return false;
  const auto room = std::make_unique<crypt_data>();  // 32 KiB
  std::memset(room.get(), 0, sizeof(crypt_data));
  const char* made =
      crypt_rn(password.c_str(), hash.c_str(), room.get(), static_cast<int>(sizeof(crypt_data)));
  const bool same = made && std::strlen(made) == hash.size() &&
                    CRYPTO_memcmp(made, hash.data(), hash.size()) == 0;
  OPENSSL_cleanse(room.get(), sizeof(crypt_data));
  return same;
}

}  // namespace prombraid::guard
