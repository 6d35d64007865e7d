#include "replica/failure.h"

#include <algorithm>

#include "base/ascii.h"
#include "replica/said.h"

namespace prombraid::replica {

namespace {

ErrorKind kind_of(FailureReason reason) {
  switch (reason) {
    case FailureReason::connect_timeout:
    case FailureReason::timeout:
    case FailureReason::straggler:
      return ErrorKind::timeout;
    case FailureReason::bad_http:
    case FailureReason::content_type:
    case FailureReason::corrupt_frame:
    case FailureReason::torn:
    case FailureReason::unsorted:
    case FailureReason::corrupt_chunk:
      return ErrorKind::corrupt;
    case FailureReason::limit:
      return ErrorKind::limit;
    case FailureReason::unknown_encoding:
      return ErrorKind::unsupported;
    case FailureReason::refused:
    case FailureReason::reset:
    case FailureReason::cancelled:
    case FailureReason::tls:
    case FailureReason::credentials:
    case FailureReason::status_3xx:
    case FailureReason::status_4xx:
    case FailureReason::status_5xx:
    case FailureReason::text_after_200:
      return ErrorKind::unavailable;
  }
  return ErrorKind::internal;
}

std::string name_of_replica(const Endpoint& endpoint) {
  std::string name = "replica " + endpoint.key();
  const bool named = !endpoint.host.empty() && endpoint.host != endpoint.ip;
  if (named && endpoint.tls) return name + " (https, " + endpoint.host + ")";
  if (named) return name + " (" + endpoint.host + ")";
  return endpoint.tls ? name + " (https)" : name;
}

/// What may be wrong in the configuration, where the status tells.
std::string cure_of(unsigned status) {
  if (status == 401) return "; it wants other credentials (basic_auth, authorization, oauth2)";
  if (status == 403) return "; these credentials may not read";
  return {};
}

/// The value of the first WWW-Authenticate among lines with their CRLF.
std::string challenge_in(std::string_view fields) {
  while (!fields.empty()) {
    const std::string_view line = fields.substr(0, fields.find("\r\n"));
    fields.remove_prefix(std::min(line.size() + 2, fields.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    if (!equal_ignoring_case(line.substr(0, colon), "WWW-Authenticate")) continue;
    return printable(trim_spaces(line.substr(colon + 1)));
  }
  return {};
}

FailureReason reason_of_status(unsigned status) {
  if (status >= 500) return FailureReason::status_5xx;
  if (status >= 400) return FailureReason::status_4xx;
  return status >= 300 ? FailureReason::status_3xx : FailureReason::content_type;
}

}  // namespace

const char* name_of(FailureReason reason) {
  switch (reason) {
    case FailureReason::refused:
      return "refused";
    case FailureReason::connect_timeout:
      return "connect_timeout";
    case FailureReason::reset:
      return "reset";
    case FailureReason::timeout:
      return "timeout";
    case FailureReason::cancelled:
      return "cancelled";
    case FailureReason::tls:
      return "tls";
    case FailureReason::credentials:
      return "credentials";
    case FailureReason::status_3xx:
      return "status_3xx";
    case FailureReason::status_4xx:
      return "status_4xx";
    case FailureReason::status_5xx:
      return "status_5xx";
    case FailureReason::bad_http:
      return "bad_http";
    case FailureReason::content_type:
      return "content_type";
    case FailureReason::corrupt_frame:
      return "corrupt_frame";
    case FailureReason::torn:
      return "torn";
    case FailureReason::text_after_200:
      return "text_after_200";
    case FailureReason::limit:
      return "limit";
    case FailureReason::unknown_encoding:
      return "unknown_encoding";
    case FailureReason::unsorted:
      return "unsorted";
    case FailureReason::corrupt_chunk:
      return "corrupt_chunk";
    case FailureReason::straggler:
      return "straggler";
  }
  return "unknown";
}

ReadFailure failure_of(const Endpoint& endpoint, FailureReason reason, std::string_view what) {
  ReadFailure failure(reason, Error(kind_of(reason), name_of_replica(endpoint) + ": "));
  failure.error.what += what;
  failure.cause = what;
  return failure;
}

ReadFailure status_failure(const Endpoint& endpoint, unsigned status, std::string_view text,
                           std::string_view fields) {
  const FailureReason reason = reason_of_status(status);
  std::string said = printable(text);
  std::string what = "answered " + std::to_string(status);
  if (reason == FailureReason::status_3xx) what += ", a redirect, which is not followed";
  if (!said.empty()) what += ": \"" + said + '"';
  ReadFailure failure = failure_of(endpoint, reason, what + cure_of(status));
  if (status == 400 || status == 422) failure.error.kind = ErrorKind::bad_request;
  failure.status = status;
  failure.text = std::move(said);
  if (status == 401) failure.challenge = challenge_in(fields);
  return failure;
}

FailureReason reason_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::limit:
      return FailureReason::limit;
    case ErrorKind::unsupported:
      return FailureReason::unknown_encoding;
    default:
      return FailureReason::corrupt_frame;
  }
}

}  // namespace prombraid::replica
