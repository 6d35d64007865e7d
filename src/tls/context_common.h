/// What contexts of both sides have in common. Inner to this room.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "tls/handles.h"
#include "tls/options.h"

namespace prombraid::tls {

/// No compression, no renegotiation, buffers only while they are used. `keep` lives as long as the
/// context, for callbacks.
Result<Context> new_context(const SSL_METHOD* method, Version min, Version max,
                            std::shared_ptr<const void> keep);

/// The files among these.
std::vector<std::string> pem_files(std::initializer_list<const Pem*> pems);

/// Where a verify callback writes why it refused: set by the Channel for its connection.
std::string* refusal_of(SSL* ssl);
void keep_refusal(SSL* ssl, std::string* text);

/// A verify callback that notes the reason of a refusal and changes nothing.
int noting_verify(int fine, X509_STORE_CTX* store);

}  // namespace prombraid::tls
