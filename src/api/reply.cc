#include "api/reply.h"

#include <boost/json/parse.hpp>

#include "replica/said.h"

namespace prombraid::api {

namespace {

namespace json = boost::json;

/// `data` of series is an array of objects in an object: three levels.
constexpr std::size_t deepest = 16;

json::parse_options options() {
  json::parse_options out;
  out.max_depth = deepest;
  return out;
}

const json::string* text_of(const json::object& object, json::string_view name) {
  const json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

void add_warnings(const json::object& object, std::vector<std::string>& out) {
  const json::value* value = object.if_contains("warnings");
  if (value == nullptr || !value->is_array()) return;
  for (const json::value& warning : value->get_array()) {
    if (out.size() == max_warnings) return;
    if (const json::string* text = warning.if_string()) {
      out.push_back(replica::printable({text->data(), text->size()}));
    }
  }
}

}  // namespace

ReplyReader::ReplyReader(std::size_t max_bytes)
    : parser_(json::storage_ptr(), options()), max_bytes_(max_bytes) {}

Result<void> ReplyReader::feed(std::string_view piece) {
  bytes_ += piece.size();
  if (bytes_ > max_bytes_) {
    return Error(ErrorKind::limit,
                 "its answer is longer than " + std::to_string(max_bytes_) + " bytes");
  }
  json::error_code problem;
  parser_.write(piece.data(), piece.size(), problem);
  if (problem) return Error(ErrorKind::corrupt, "its answer is no JSON: " + problem.message());
  return {};
}

Result<Reply> ReplyReader::take() {
  json::error_code problem;
  parser_.finish(problem);
  if (problem) return Error(ErrorKind::corrupt, "its answer is no JSON: " + problem.message());
  json::value whole = parser_.release();
  json::object* object = whole.if_object();
  const json::string* status = object == nullptr ? nullptr : text_of(*object, "status");
  if (status == nullptr || *status != "success") {
    return Error(ErrorKind::unsupported, "its answer says no {\"status\":\"success\"}");
  }
  Reply reply;
  add_warnings(*object, reply.warnings);
  if (json::value* data = object->if_contains("data")) reply.data = std::move(*data);
  return reply;
}

std::string said_in(std::string_view body) {
  json::error_code problem;
  const json::value whole = json::parse({body.data(), body.size()}, problem, {}, options());
  if (!problem && whole.is_object()) {
    if (const json::string* text = text_of(whole.get_object(), "error")) {
      return replica::printable({text->data(), text->size()});
    }
  }
  return replica::printable(body);
}

}  // namespace prombraid::api
