#include "replica/http_request.h"

namespace prombraid::replica {

namespace {

/// The name the address has, which a reverse proxy in front of the replica may route by.
std::string host_of(const discovery::Endpoint& endpoint) {
  std::string host = endpoint.host.empty() ? endpoint.ip : endpoint.host;
  if (!host.empty() && host.back() == '.') host.pop_back();
  if (host.find(':') != std::string::npos) host = '[' + host + ']';
  return host + ':' + std::to_string(endpoint.port);
}

std::string host_line(std::string_view method, std::string_view path,
                      const discovery::Endpoint& endpoint) {
  std::string out(method);
  out.append(" ").append(path).append(" HTTP/1.1\r\nHost: ").append(host_of(endpoint));
  return out.append("\r\n");
}

std::string first_lines(std::string_view method, std::string_view path,
                        const discovery::Endpoint& endpoint) {
  return host_line(method, path, endpoint)
      .append("User-Agent: Prombraid/" PROMBRAID_VERSION "\r\n");
}

}  // namespace

std::string read_request_head(const discovery::Endpoint& endpoint, std::size_t body_bytes,
                              std::string_view fields) {
  return first_lines("POST", endpoint.path, endpoint).append(fields) +
         "Content-Encoding: snappy\r\n"
         "Accept-Encoding: snappy\r\n"
         "Content-Type: application/x-protobuf\r\n"
         "X-Prometheus-Remote-Read-Version: 0.1.0\r\n"
         "Content-Length: " +
         std::to_string(body_bytes) + "\r\n\r\n";
}

std::string get_request(const discovery::Endpoint& endpoint, std::string_view path,
                        std::string_view fields) {
  return first_lines("GET", path, endpoint)
      .append("Accept: application/json\r\nAccept-Encoding: identity\r\n")
      .append(fields)
      .append("\r\n");
}

std::string forwarded_head(const discovery::Endpoint& endpoint, std::string_view method,
                           std::string_view path, std::string_view fields, std::size_t body_bytes) {
  std::string out = host_line(method, path, endpoint);
  out.append(fields);
  if (body_bytes > 0) out += "Content-Length: " + std::to_string(body_bytes) + "\r\n";
  return out += "\r\n";
}

std::string form_request(const discovery::Endpoint& endpoint, std::string_view form,
                         std::string_view fields) {
  std::string out = first_lines("POST", endpoint.path, endpoint).append(fields) +
                    "Accept: application/json\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\n"
                    "Content-Length: " +
                    std::to_string(form.size()) + "\r\n\r\n";
  return out.append(form);
}

}  // namespace prombraid::replica
