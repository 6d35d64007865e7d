#include "server/request_reader.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "base/ascii.h"
#include "server/head_rules.h"

namespace prombraid::server {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

Refused from_parser(const beast::error_code& error, const HttpLimits& limits,
                    std::string_view head) {
  if (error == http::error::body_limit) {
    return {413, Refusal::body_limit,
            "request body is over the limit of " + std::to_string(limits.body_bytes) + " bytes"};
  }
  if (error == http::error::bad_version && foreign_version(head)) {
    return {505, Refusal::version, "the versions of HTTP spoken here are 1.1 and 1.0"};
  }
  if (error == http::error::bad_version) return {400, Refusal::version, "malformed HTTP version"};
  for (const auto code : {http::error::bad_content_length, http::error::multiple_content_length,
                          http::error::bad_transfer_encoding, http::error::bad_chunk,
                          http::error::bad_chunk_extension}) {
    if (error == code) return {400, Refusal::framing, "malformed request: " + error.message()};
  }
  return {400, Refusal::malformed, "malformed request: " + error.message()};
}

}  // namespace

/// Beast calls back into this for each part of the message. A refusal of our own stops it through
/// the error code; its value does not matter then.
class RequestReader::Parser final : public http::basic_parser<true> {
 public:
  explicit Parser(const HttpLimits& limits) : limits_(limits), scan_(limits) {
    header_limit(static_cast<std::uint32_t>(limits.head_bytes + 1));
    body_limit(limits.body_bytes);
    eager(false);
  }

  void refuse(unsigned status, Refusal reason, std::string line) {
    if (state_ == State::refused) return;
    refused_ = {status, reason, std::move(line)};
    state_ = State::refused;
  }

  void refuse_trailer() { refuse(431, Refusal::head_limit, "request trailer is too large"); }

  std::size_t put_some(std::string_view bytes, beast::error_code& error) {
    return put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  }

  HttpLimits limits_;
  HeadScan scan_;
  State state_ = State::head;
  Request request_;
  Refused refused_;
  bool keep_alive_ = false;
  bool expects_continue_ = false;

 private:
  using Code = beast::error_code;

  void stop(Code& error, unsigned status, Refusal reason, std::string line) {
    refuse(status, reason, std::move(line));
    error = http::error::bad_value;
  }

  void on_request_impl(http::verb, beast::string_view method, beast::string_view target,
                       int version, Code& error) override {
    request_.method = view(method);
    request_.version = static_cast<unsigned>(version);
    if (target.size() > limits_.target_bytes) {
      return stop(error, 414, Refusal::target_limit,
                  "request target is over " + std::to_string(limits_.target_bytes) + " bytes");
    }
    if (!split_target(view(target), request_)) {
      stop(error, 400, Refusal::malformed, "malformed request target");
    }
  }

  void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                     Code& error) override {
    if (++fields_ > limits_.headers) {
      return stop(error, 431, Refusal::head_limit,
                  "more than " + std::to_string(limits_.headers) + " header fields");
    }
    if (state_ != State::head) return;  // a trailer's: dropped, no field of it means anything here
    request_.headers.emplace_back(std::string(view(name)), std::string(view(value)));
    if (has_control(view(value))) {
      return stop(error, 400, Refusal::malformed, "control character in a header field");
    }
    check_field(field, view(value), error);
  }

  void check_field(http::field field, std::string_view value, Code& error) {
    if (field == http::field::content_length) {
      if (lengths_++ > 0 || !all_digits(value)) {
        stop(error, 400, Refusal::framing, "Content-Length must be one decimal number");
      }
    } else if (field == http::field::transfer_encoding) {
      if (codings_++ > 0) {
        stop(error, 400, Refusal::framing, "more than one Transfer-Encoding");
      } else if (!equal_ignoring_case(value, "chunked")) {
        stop(error, 501, Refusal::coding, "the only transfer coding taken here is chunked");
      }
    } else if (field == http::field::host) {
      if (hosts_++ > 0 || !valid_host(value)) {
        stop(error, 400, Refusal::host, "Host must be one valid host");
      }
    } else if (field == http::field::expect && request_.version >= 11) {
      expects_continue_ = equal_ignoring_case(value, "100-continue");
      if (!expects_continue_) {
        stop(error, 417, Refusal::expectation, "the only expectation met here is 100-continue");
      }
    }
  }

  void on_header_impl(Code& error) override {
    keep_alive_ = request_.version >= 11 && keep_alive();
    const std::string& method = request_.method;
    if (request_.version >= 11 && hosts_ == 0) {
      return stop(error, 400, Refusal::host, "Host is missing");
    }
    if (request_.version < 11 && codings_ > 0) {
      return stop(error, 400, Refusal::framing, "Transfer-Encoding in HTTP/1.0");
    }
    const bool needs_length = method == "POST" || method == "PUT" || method == "PATCH";
    if (needs_length && lengths_ == 0 && codings_ == 0) {
      return stop(error, 411, Refusal::length_required,
                  method + " needs a Content-Length or chunked coding");
    }
    state_ = State::body;
    fields_ = 0;  // a trailer has its own count
  }

  /// Doubles towards what the body can become, never past it: memory follows the bytes that came.
  void append(std::string_view bytes) {
    std::string& body = request_.body;
    const std::size_t need = body.size() + bytes.size();
    if (need > body.capacity()) {
      const std::size_t most = content_length() ? *content_length() : limits_.body_bytes;
      // A string that holds something would double at least, whatever is asked of it (libstdc++).
      std::string longer;
      longer.reserve(std::max(need, std::min(2 * body.capacity(), most)));
      body = std::move(longer.append(body));
    }
    body.append(bytes);
  }

  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}

  std::size_t on_body_impl(beast::string_view bytes, Code&) override {
    append(view(bytes));
    return bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, beast::string_view extensions, Code& error) override {
    if (extensions.size() > limits_.chunk_extension_bytes || has_control(view(extensions))) {
      stop(error, 400, Refusal::framing, "malformed or oversize chunk extension");
    }
  }

  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view bytes, Code&) override {
    append(view(bytes));
    return bytes.size();
  }

  void on_finish_impl(Code&) override { state_ = State::done; }
  void on_response_impl(int, beast::string_view, int, Code&) override {}

  std::size_t fields_ = 0;
  unsigned lengths_ = 0;
  unsigned codings_ = 0;
  unsigned hosts_ = 0;
};

RequestReader::RequestReader(const HttpLimits& limits)
    : parser_(std::make_unique<Parser>(limits)) {}

RequestReader::~RequestReader() = default;

RequestReader::State RequestReader::state() const {
  return parser_->state_;
}
Request& RequestReader::request() {
  return parser_->request_;
}
const Refused& RequestReader::refused() const {
  return parser_->refused_;
}
bool RequestReader::keep_alive() const {
  return parser_->keep_alive_;
}
bool RequestReader::expects_continue() const {
  return parser_->expects_continue_;
}

std::size_t RequestReader::feed(std::string_view bytes) {
  if (state() == State::head) return feed_head(bytes);
  if (state() == State::body) return feed_body(bytes);
  return 0;
}

std::size_t RequestReader::feed_head(std::string_view bytes) {
  using Found = HeadScan::Found;
  switch (parser_->scan_.scan(bytes)) {
    case Found::more:
      return 0;
    case Found::bare_lf:
      parser_->refuse(400, Refusal::malformed, "malformed request: a line must end in CR LF");
      return 0;
    case Found::fold:
      parser_->refuse(400, Refusal::malformed, "malformed request: folded header line");
      return 0;
    case Found::no_method:
      parser_->refuse(400, Refusal::malformed, "malformed request: no HTTP method");
      return 0;
    case Found::long_line:
      parser_->refuse(414, Refusal::target_limit, "request line is too long");
      return 0;
    case Found::too_long:
      parser_->refuse(431, Refusal::head_limit, "request head is too large");
      return 0;
    case Found::end:
      break;
  }
  const std::string_view head = bytes.substr(0, parser_->scan_.length());
  beast::error_code error;
  const std::size_t used = parser_->put_some(head, error);
  if (error && state() != State::refused) {
    const Refused refused = from_parser(error, parser_->limits_, head);
    parser_->refuse(refused.status, refused.reason, refused.line);
  } else if (used != head.size()) {
    parser_->refuse(400, Refusal::malformed, "malformed request: its end is ambiguous");
  }
  return used;
}

std::size_t RequestReader::feed_body(std::string_view bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && state() == State::body) {
    beast::error_code error;
    const std::size_t step = parser_->put_some(bytes.substr(used), error);
    used += step;
    if (error == http::error::need_more) break;
    if (state() == State::done && parser_->chunked() && step > parser_->limits_.trailer_bytes) {
      parser_->refuse_trailer();
    }
    if (error && state() != State::refused) {
      const Refused refused = from_parser(error, parser_->limits_, {});
      parser_->refuse(refused.status, refused.reason, refused.line);
    }
  }
  if (state() != State::body) return used;

  // What is left is a chunk's line, or the last one with its trailer: both must be short.
  const std::string_view left = bytes.substr(used);
  const std::size_t line_limit = parser_->limits_.chunk_extension_bytes + 64;
  if (left.size() > line_limit && left.substr(1, line_limit).find("\r\n") == left.npos) {
    parser_->refuse(400, Refusal::framing, "malformed or oversize chunk extension");
  } else if (left.size() > parser_->limits_.trailer_bytes) {
    parser_->refuse_trailer();
  }
  return used;
}

}  // namespace prombraid::server
