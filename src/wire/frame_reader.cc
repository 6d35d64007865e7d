#include "wire/frame_reader.h"

#include <algorithm>
#include <string>

#include "wire/crc32c.h"

namespace prombraid::wire {

Result<std::optional<std::vector<char>>> FrameReader::next() {
  if (failed_) return *failed_;
  auto head = read_head();
  if (head.has_error()) {
    failed_ = head.error();
    return *failed_;
  }
  if (!*head || !read_message()) return std::nullopt;
  return finish();
}

/// True once the length and the checksum are there.
Result<bool> FrameReader::read_head() {
  while (length_size_ == 0 || head_size_ < length_size_ + 4) {
    if (input_.empty()) return false;
    head_[head_size_++] = input_.front();
    const bool last = static_cast<unsigned char>(input_.front()) < 0x80;
    input_.remove_prefix(1);
    if (length_size_ == 0 && (last || head_size_ == max_varint_bytes)) {
      if (auto length = begin_message(); length.has_error()) return length.error();
    }
  }
  return true;
}

Result<void> FrameReader::begin_message() {
  std::uint64_t length = 0;
  if (get_varint(head_, head_ + head_size_, length) == nullptr) {
    return Error(ErrorKind::corrupt, "frame: its length does not end or passes 64 bits");
  }
  if (length == 0) return Error(ErrorKind::corrupt, "frame: a length of zero");
  if (length > max_frame_bytes_) {
    return Error(ErrorKind::limit, "frame of " + std::to_string(length) +
                                       " bytes is longer than --replica.max-frame-bytes (" +
                                       std::to_string(max_frame_bytes_) + ")");
  }
  length_size_ = head_size_;
  length_ = static_cast<std::size_t>(length);
  message_.swap(spare_);
  message_.clear();
  message_.reserve(length_);  // not filled: pages of it are touched as bytes come
  return {};
}

/// True once the message is whole.
bool FrameReader::read_message() {
  const std::string_view part = input_.substr(0, length_ - message_.size());
  crc_ = crc32c(part, crc_);  // now, while the bytes are near
  message_.insert(message_.end(), part.begin(), part.end());
  input_.remove_prefix(part.size());
  return message_.size() == length_;
}

Result<std::optional<std::vector<char>>> FrameReader::finish() {
  std::uint32_t sent = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    sent = sent << 8 | static_cast<unsigned char>(head_[length_size_ + i]);
  }
  if (sent != crc_) {
    failed_ = Error(ErrorKind::corrupt,
                    "frame of " + std::to_string(length_) + " bytes: its checksum does not match");
    return *failed_;
  }
  head_size_ = length_size_ = length_ = 0;
  crc_ = 0;
  return std::exchange(message_, {});
}

}  // namespace prombraid::wire
