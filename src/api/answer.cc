#include "api/answer.h"

#include <boost/json/serialize.hpp>

#include "base/utf8.h"

namespace prombraid::api {

namespace {

namespace json = boost::json;

struct Shown {
  unsigned status;
  const char* type;
};

Shown shown_as(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_request:
    case ErrorKind::unsupported:
      return {400, "bad_data"};
    case ErrorKind::limit:
      return {422, "execution"};
    case ErrorKind::unavailable:
      return {503, "unavailable"};
    case ErrorKind::timeout:
      return {503, "timeout"};
    case ErrorKind::loop:
      return {508, "internal"};
    case ErrorKind::corrupt:
    case ErrorKind::internal:
      return {500, "internal"};
  }
  return {500, "internal"};
}

server::Response document(unsigned status, std::string body) {
  server::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (status == 503) response.headers.emplace_back("Retry-After", "2");
  response.body = std::move(body);
  return response;
}

}  // namespace

std::string quoted(std::string_view text) {
  const std::string valid = valid_utf8(text);
  return json::serialize(json::string_view(valid.data(), valid.size()));
}

server::Response success(std::string_view data, const std::vector<std::string>& warnings) {
  std::string body = R"({"status":"success","data":)";
  body += data;
  for (std::size_t i = 0; i < warnings.size(); ++i) {
    body += (i == 0 ? R"(,"warnings":[)" : ",") + quoted(warnings[i]);
  }
  body += warnings.empty() ? "}" : "]}";
  return document(200, std::move(body));
}

server::Response success_with(const json::value& data) {
  return success(json::serialize(data));
}

server::Response failure(unsigned status, std::string_view type, std::string_view what) {
  return document(status, R"({"status":"error","errorType":)" + quoted(type) + R"(,"error":)" +
                              quoted(what) + "}");
}

server::Response failure(const Error& error) {
  const Shown shown = shown_as(error.kind);
  return failure(shown.status, shown.type, error.what);
}

}  // namespace prombraid::api
