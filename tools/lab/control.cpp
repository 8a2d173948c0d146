#include "tools/lab/control.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <utility>

namespace ebb::lab {
namespace {

namespace asio = rt::asio;
constexpr std::size_t line_limit = 4096;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

words split(std::string_view line) {
  words out;
  while (!line.empty()) {
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size() < line.size() ? word.size() + 1 : line.size());
    out.emplace_back(word);
  }
  return out;
}

std::uint64_t number(std::string_view word) {
  std::uint64_t n = 0;
  const auto [end, bad] = std::from_chars(word.data(), word.data() + word.size(), n);
  return bad == std::errc() && end == word.data() + word.size() ? n : 0;
}

rt::task<rt::result<words>> control_link::read() {
  for (;;) {
    if (const auto end = in_.find('\n'); end != std::string::npos) {
      auto line = split(std::string_view(in_).substr(0, end));
      in_.erase(0, end + 1);
      co_return line;
    }
    if (in_.size() > line_limit) co_return make_error_code(boost::system::errc::message_size);
    std::array<char, 4096> piece;
    auto [ec, n] = co_await stream_.async_read_some(asio::buffer(piece), as_tuple);
    if (ec) co_return ec;
    in_.append(piece.data(), n);
  }
}

void control_link::say(std::string line) {
  out_ += line + "\n";
  more_.notify();
}

rt::task<> control_link::run() {
  while (!broken_) {
    if (out_.empty()) {
      co_await more_.wait();
      continue;
    }
    const auto piece = std::exchange(out_, {});
    for (std::size_t done = 0; done < piece.size() && !broken_;) {
      auto [ec, n] = co_await stream_.async_write_some(asio::buffer(piece) + done, as_tuple);
      done += n;
      broken_ = static_cast<bool>(ec);
    }
    more_.notify();
  }
}

rt::task<> control_link::flushed() {
  while (!broken_ && !out_.empty()) co_await more_.wait();
}

}  // namespace ebb::lab
