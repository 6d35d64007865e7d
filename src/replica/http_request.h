/// The requests that a replica is sent, as bytes.
#pragma once

#include <string>
#include <string_view>

#include "discovery/endpoint.h"

namespace prombraid::replica {

/// The head of a remote_read with a body of `body_bytes`: the header that Prometheus's own client
/// sends (storage/remote/client.go, Read), and our name.
/// `fields` are further lines, each with its CRLF.
std::string read_request_head(const discovery::Endpoint& endpoint, std::size_t body_bytes,
                              std::string_view fields = {});

/// A GET of `path` that wants JSON, not compressed. `fields` are further lines of the head, each
/// with its CRLF.
std::string get_request(const discovery::Endpoint& endpoint, std::string_view path,
                        std::string_view fields = {});

/// A request passed on for a client, with a body of `body_bytes`. `fields` are the lines of the
/// head that are the client's own, each with its CRLF.
std::string forwarded_head(const discovery::Endpoint& endpoint, std::string_view method,
                           std::string_view path, std::string_view fields, std::size_t body_bytes);

/// A POST of a form that wants JSON, with its body.
std::string form_request(const discovery::Endpoint& endpoint, std::string_view form,
                         std::string_view fields = {});

}  // namespace prombraid::replica
