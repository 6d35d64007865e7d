/// Whether a password is the one of a bcrypt hash.
#pragma once

#include <string>

namespace prombraid::guard {

/// Takes as long as the hash's cost says, 50 ms and more: never on a thread that serves. False for
/// what can't be a password of the field: with a NUL inside, or beyond 512 bytes. As everywhere,
/// bcrypt looks at the first 72 bytes.
bool matches_bcrypt(const std::string& hash, const std::string& password);

/// Of a random password nobody knows: what is compared for names that are not there, so that the
/// time tells nothing of whether they are. The cost is 10, htpasswd's advice.
extern const char* const nobodys_hash;

}  // namespace prombraid::guard
