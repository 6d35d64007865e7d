/// What /etc/hosts says of a name.
#pragma once

#include <string_view>

#include "discovery/answer.h"

namespace prombraid::discovery {

/// All addresses of the family of `type` (A or AAAA) that `text`, a whole hosts file (hosts(5)),
/// gives `name`; a trailing dot and upper case make no difference. no_such_name where the name
/// stands nowhere in it, no_records where only with the other family. The TTL is 5 s: the next look
/// is cheap. Lines that don't parse are passed over.
Answer read_hosts(std::string_view text, std::string_view name, RecordType type);

}  // namespace prombraid::discovery
