/// A growing run of bytes that never fills what is about to be overwritten, as std::vector and
/// std::string do when they grow.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace prombraid::wire {

class Bytes {
 public:
  Bytes() = default;
  Bytes(Bytes&& from) noexcept
      : data_(std::move(from.data_)),
        size_(std::exchange(from.size_, 0)),
        capacity_(std::exchange(from.capacity_, 0)) {}
  Bytes& operator=(Bytes&& from) noexcept {
    data_ = std::move(from.data_);
    size_ = std::exchange(from.size_, 0);
    capacity_ = std::exchange(from.capacity_, 0);
    return *this;
  }

  /// Room for `more` bytes behind what is there; to be written, then made part of it by `taken`.
  /// Invalidates earlier pointers and views.
  char* room(std::size_t more) {
    if (capacity_ - size_ < more) grow(size_ + more);
    return data_.get() + size_;
  }
  /// What was written into the last room() ends at `end`.
  void taken(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }

  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }
  void clear() { size_ = 0; }  ///< keeps the capacity

  const char* data() const { return data_.get(); }
  char* data() { return data_.get(); }
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const { return {data_.get(), size_}; }

 private:
  void grow(std::size_t needed) {
    const std::size_t capacity = std::max(needed, capacity_ * 2);
    auto bigger = std::make_unique_for_overwrite<char[]>(capacity);
    if (size_ > 0) std::memcpy(bigger.get(), data_.get(), size_);
    data_ = std::move(bigger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace prombraid::wire
