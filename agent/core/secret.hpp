#pragma once
// A value that nobody may see: it has no text form, cannot be a field of a log line, and is wiped in the end.
#include <string>
#include <string_view>
#include <utility>

namespace ebb::core {

class secret {
 public:
  secret() = default;
  explicit secret(std::string value) : value_(std::move(value)) {}
  secret(secret&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }
  secret& operator=(secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
    return *this;
  }
  ~secret() { wipe(); }

  // For the one place that sends it.
  std::string_view reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  void wipe() noexcept {
    // Through volatile, because the compiler may drop a store into memory that is about to be freed.
    for (volatile char* at = value_.data(); at != value_.data() + value_.size(); at = at + 1) *at = '\0';
    value_.clear();
  }
  std::string value_;
};

}  // namespace ebb::core
