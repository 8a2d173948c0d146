#include "tools/lab/door.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>

namespace ebb::lab {
namespace asio = rt::asio;
using asio::ip::tcp;

class door::stream final : public rt::stream_impl {
 public:
  stream(tcp::socket s, std::string peer, std::shared_ptr<streams> all)
      : socket_(std::move(s)), peer_(std::move(peer)), all_(std::move(all)) {
    (*all_)[peer_] = this;
  }
  ~stream() override {
    if (const auto i = all_->find(peer_); i != all_->end() && i->second == this) all_->erase(i);
  }
  void read_some(asio::mutable_buffer into, handler h) override { socket_.async_read_some(into, std::move(h)); }
  void write_some(asio::const_buffer from, handler h) override { socket_.async_write_some(from, std::move(h)); }
  void close() override {
    rt::error_code ignored;
    socket_.close(ignored);
  }
  void reset() {
    rt::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
  }

 private:
  tcp::socket socket_;
  std::string peer_;
  std::shared_ptr<streams> all_;
};

namespace {

rt::result<tcp::endpoint> endpoint_of(const std::string& address) {
  const auto invalid = make_error_code(boost::system::errc::invalid_argument);
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return invalid;
  std::uint16_t number = 0;
  const char* last = address.data() + address.size();
  const auto [end, bad] = std::from_chars(address.data() + colon + 1, last, number);
  rt::error_code ec;
  const bool bracketed = address.front() == '[' && colon > 1 && address[colon - 1] == ']';  // IPv6
  const auto host = bracketed ? address.substr(1, colon - 2) : address.substr(0, colon);
  const auto ip = asio::ip::make_address(host, ec);
  if (ec || bad != std::errc() || end != last) return invalid;
  return tcp::endpoint(ip, number);
}

}  // namespace

rt::result<std::unique_ptr<door>> door::open(asio::io_context& io, const std::string& address, int backlog) {
  const auto at = endpoint_of(address);
  if (!at) return at.error();
  tcp::acceptor a(io);
  rt::error_code ec;
  a.open(at->protocol(), ec);
  if (!ec) a.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) a.bind(*at, ec);
  if (!ec) a.listen(backlog, ec);
  if (ec) return ec;
  return std::unique_ptr<door>(new door(std::move(a)));
}

door::door(tcp::acceptor a) : acceptor_(std::move(a)), number_(acceptor_.local_endpoint().port()) {}

rt::task<rt::result<rt::accepted>> door::accept() {
  tcp::socket socket(acceptor_.get_executor());
  tcp::endpoint from;
  auto [ec] = co_await acceptor_.async_accept(socket, from, asio::as_tuple(asio::use_awaitable));
  if (ec) co_return ec;
  rt::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  rt::accepted a;
  a.peer = from.address().to_string() + ":" + std::to_string(from.port());
  a.loopback = from.address().is_loopback();
  auto impl = std::make_unique<stream>(std::move(socket), a.peer, streams_);
  a.stream = rt::byte_stream(acceptor_.get_executor(), std::move(impl));
  co_return a;
}

void door::cut(const std::string& peer) {
  if (const auto i = streams_->find(peer); i != streams_->end()) i->second->reset();
}

}  // namespace ebb::lab
