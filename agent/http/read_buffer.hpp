#pragma once
// Bytes that have arrived and are not yet parsed. Grows on demand up to a limit, and no further.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstring>
#include <string_view>
#include <vector>

namespace ebb::http {

class read_buffer {
 public:
  explicit read_buffer(std::size_t limit) : limit_(limit) {}

  std::string_view view() const noexcept { return {bytes_.data() + begin_, end_ - begin_}; }
  bool empty() const noexcept { return begin_ == end_; }
  void consume(std::size_t n) noexcept { begin_ += n; }
  void commit(std::size_t n) noexcept { end_ += n; }

  // Room for what comes next; empty when the limit is reached and nothing was consumed.
  boost::asio::mutable_buffer prepare() {
    if (begin_ > 0) {
      std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == bytes_.size()) bytes_.resize(std::min(limit_, std::max(first_size, bytes_.size() * 2)));
    return {bytes_.data() + end_, bytes_.size() - end_};
  }

 private:
  static constexpr std::size_t first_size = 2048;
  std::size_t limit_, begin_ = 0, end_ = 0;
  std::vector<char> bytes_;
};

}  // namespace ebb::http
