/// Why a request to a replica failed: one word for metrics and policy, what the replica said, and a
/// whole line for logs and clients.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "discovery/endpoint.h"

namespace prombraid::replica {

using discovery::Endpoint;

enum class FailureReason {
  refused,           ///< nobody listens there, or no way leads there
  connect_timeout,   ///< no answer to the connection attempt
  reset,             ///< reset by the peer, or closed before the answer's head was whole
  timeout,           ///< the deadline passed, or the stream stood still for too long
  cancelled,         ///< given up by this side
  tls,               ///< the handshake or TLS itself failed: the text tells whose fault it was
  credentials,       ///< a file with credentials can't be read, or no token could be fetched
  status_3xx,        ///< a redirect: never followed, so that nothing is sent to a stranger
  status_4xx,        ///< `status` and `text` tell; equal 400s of all replicas may be passed on
  status_5xx,        ///< `status` and `text` tell
  bad_http,          ///< the head or the transfer coding is not strict HTTP/1.1
  content_type,      ///< 200, but the body is not one of the two forms of an answer
  corrupt_frame,     ///< bytes that do not decode: length, checksum, protobuf, snappy
  torn,              ///< closed inside the body, or the body's own end came inside a frame
  text_after_200,    ///< the replica failed midway and wrote its error where a frame should be
  limit,             ///< a stated limit of this side was passed
  unknown_encoding,  ///< a chunk in an encoding that cannot be read here: ask for samples
  unsorted,          ///< series out of order in a way that nobody could foresee
  corrupt_chunk,     ///< a chunk whose frame is sound and whose samples do not decode
  straggler,         ///< the last one, not waited for: the others cover what was asked
};

/// The reason in lower case with underscores, as metrics show it.
const char* name_of(FailureReason reason);

struct ReadFailure {
  ReadFailure() = default;
  ReadFailure(FailureReason r, Error e) : reason(r), error(std::move(e)) {}

  FailureReason reason = FailureReason::reset;
  unsigned status = 0;    ///< of the answer; 0 where none came
  std::string text;       ///< what the replica wrote, at most 1 KiB, printable; may be empty
  std::string cause;      ///< what happened, without whose fault it was
  std::string challenge;  ///< of a 401: its WWW-Authenticate; may be empty
  Error error;            ///< kind by reason; `replica IP:PORT (host): what happened: "text"`
};

template <class T>
using ReadResult = boost::system::result<T, ReadFailure>;

[[noreturn]] inline void throw_exception_from_error(const ReadFailure& failure,
                                                    const boost::source_location& where) {
  prombraid::throw_exception_from_error(failure.error, where);
}

/// A failure of `endpoint`; its error kind follows from `reason`.
ReadFailure failure_of(const Endpoint& endpoint, FailureReason reason, std::string_view what);

/// A failure by a status that is not 200, with what the replica wrote. 2xx is content_type. 400 and
/// 422 are bad_request: the request itself was wrong. All others are unavailable.
/// `fields` are the answer's other header lines (ResponseHead::others).
ReadFailure status_failure(const Endpoint& endpoint, unsigned status, std::string_view text,
                           std::string_view fields = {});

/// The reason for what a decoder says of an answer's bytes: limit, unknown_encoding where it is
/// unsupported, else corrupt_frame.
FailureReason reason_of(const Error& error);

}  // namespace prombraid::replica
