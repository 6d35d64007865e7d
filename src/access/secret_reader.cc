#include "access/secret_reader.h"

#include <algorithm>

#include "access/field_text.h"
#include "tls/small_file.h"

namespace prombraid::access {

namespace {

constexpr const char* white_space = " \t\r\n\v\f";

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(white_space);
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

}  // namespace

Result<std::string> SecretReader::now() {
  if (secret_.file.empty()) return secret_.text.reveal();
  const tls::FileStamp stamp = tls::stamp_of(secret_.file);
  if (!tried_ || unread_ || stamp != stamp_) {
    auto content = read();
    unread_ = content.has_error() && content.error().kind == ErrorKind::unavailable &&
              stamp != tls::FileStamp();
    // A file that is being replaced may be missing for a moment.
    if (!content.has_error() || content_.has_error()) content_ = std::move(content);
    stamp_ = stamp;
    tried_ = true;
  }
  return content_;
}

Result<std::string> SecretReader::read() const {
  auto content = tls::read_small_file(secret_.file, max_secret_bytes);
  if (content.has_error()) return content;
  std::string text = trimmed(*content);
  if (!fits_field(text)) {
    return Error(ErrorKind::bad_request,
                 secret_.file + ": holds a line break or another control character");
  }
  return text;
}

}  // namespace prombraid::access
