#include "server/answer.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <utility>

#include "base/ascii.h"
#include "server/head_rules.h"

namespace prombraid::server {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// RFC 9110 §6.6.1. Made once a second.
std::string_view http_date() {
  thread_local std::time_t made_at = 0;
  thread_local char made[40];
  const std::time_t now = std::time(nullptr);
  if (now != made_at) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(made, sizeof made, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    made_at = now;
  }
  return made;
}

bool is_framing(std::string_view name) {
  return equal_ignoring_case(name, "connection") || equal_ignoring_case(name, "content-length") ||
         equal_ignoring_case(name, "transfer-encoding");
}

void add_line(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) head += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
  head.append(kLineEnd);
}

bool sets(std::span<const Header> headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [name](const Header& field) { return equal_ignoring_case(field.name, name); });
}

Error out_of_order(const char* call) {
  return Error(ErrorKind::internal, std::string("an answer's ") + call + " came out of order");
}

std::size_t total(std::span<const std::string_view> parts) {
  std::size_t bytes = 0;
  for (const std::string_view part : parts) bytes += part.size();
  return bytes;
}

bool bodiless(unsigned status) {
  return status == 204 || status == 304;
}

}  // namespace

std::string format_head(unsigned status, std::span<const Header> headers, std::string_view framing,
                        bool keep_alive, std::span<const Header> extra) {
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head.append(reason_phrase(status)).append(kLineEnd);
  for (const Header& field : headers) {
    if (!is_framing(field.name)) add_line(head, field.name, field.value);
  }
  for (const Header& field : extra) {
    if (!sets(headers, field.name)) add_line(head, field.name, field.value);
  }
  add_line(head, "Date", http_date());
  if (!keep_alive) add_line(head, "Connection", "close");
  head.append(framing).append(kLineEnd);
  return head;
}

void Answer::open_head(unsigned status, std::span<const Header> headers, std::string_view framing) {
  kept_alive_ = terms_.keep_alive && !(terms_.ending != nullptr && *terms_.ending);
  status_ = status;
  const std::span<const Header> extra =
      terms_.extra ? std::span<const Header>(*terms_.extra) : std::span<const Header>();
  head_ = format_head(status, headers, framing, kept_alive_, extra);
}

asio::awaitable<Result<void>> Answer::put(Step after) {
  Result<void> written = co_await connection_.write(buffers_);
  buffers_.clear();
  step_ = written ? after : Step::broken;
  co_return written;
}

asio::awaitable<Result<void>> Answer::send(Response response) {
  const std::string body = std::move(response.body);
  response.body.clear();
  const std::string_view part = body;
  co_return co_await send(std::move(response), std::span(&part, 1));
}

asio::awaitable<Result<void>> Answer::send(Response head, std::span<const std::string_view> parts) {
  if (step_ != Step::none) co_return out_of_order("send");
  step_ = Step::sending;
  std::string framing;
  if (!bodiless(head.status)) {
    framing = "Content-Length: " + std::to_string(total(parts)) + "\r\n";
  }
  open_head(head.status, head.headers, framing);
  buffers_.emplace_back(head_.data(), head_.size());
  if (!terms_.head_only && !bodiless(head.status)) {
    for (const std::string_view part : parts) buffers_.emplace_back(part.data(), part.size());
  }
  co_return co_await put(Step::complete);
}

asio::awaitable<Result<void>> Answer::begin(unsigned status, std::vector<Header> headers) {
  if (step_ != Step::none) co_return out_of_order("begin");
  if (!terms_.chunked_known) {
    const std::string_view line = "a streamed answer needs HTTP/1.1";
    (void)co_await send(text(505, line));
    co_return Error(ErrorKind::unsupported, std::string(line));
  }
  open_head(status, headers, "Transfer-Encoding: chunked\r\n");
  step_ = Step::begun;
  co_return Result<void>();
}

asio::awaitable<Result<void>> Answer::write(std::span<const std::string_view> parts) {
  const bool first = step_ == Step::begun;
  if (!first && step_ != Step::streaming) co_return out_of_order("write");
  const std::size_t bytes = total(parts);
  if (bytes == 0) co_return Result<void>();  // an empty chunk would be the end
  step_ = Step::streaming;
  if (first) buffers_.emplace_back(head_.data(), head_.size());
  if (!terms_.head_only) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, bytes, 16).ptr;
    chunk_line_.assign(digits, end).append(kLineEnd);
    buffers_.emplace_back(chunk_line_.data(), chunk_line_.size());
    for (const std::string_view part : parts) buffers_.emplace_back(part.data(), part.size());
    buffers_.emplace_back(kLineEnd.data(), kLineEnd.size());
  }
  co_return co_await put(Step::streaming);
}

asio::awaitable<Result<void>> Answer::finish() {
  const bool first = step_ == Step::begun;
  if (!first && step_ != Step::streaming) co_return out_of_order("finish");
  step_ = Step::sending;
  if (first) buffers_.emplace_back(head_.data(), head_.size());
  if (!terms_.head_only) buffers_.emplace_back(kLastChunk.data(), kLastChunk.size());
  co_return co_await put(Step::complete);
}

void Answer::abort() {
  if (step_ == Step::complete) return;
  step_ = Step::broken;
  connection_.abort();
}

}  // namespace prombraid::server
