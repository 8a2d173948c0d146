#pragma once
// A listening TCP port with a backlog of one's own choosing, whose connections can be cut from outside: by the peer's
// address, so that a handler can refuse the answer that its server would send.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <memory>
#include <string>

#include "agent/rt/network.hpp"

namespace ebb::lab {

constexpr int usual_backlog = 128;
constexpr int dremio_backlog = 1;  // of an executor's web-admin port

class door final : public rt::listener {
 public:
  // "127.0.0.1:9047"; port 0 is any free one. Errors: invalid_argument, those of bind and listen.
  static rt::result<std::unique_ptr<door>> open(rt::asio::io_context& io, const std::string& address,
                                                int backlog = usual_backlog);

  rt::task<rt::result<rt::accepted>> accept() override;
  std::uint16_t port() const override { return number_; }

  // Resets the connection from this peer, if it is still there.
  void cut(const std::string& peer);

 private:
  class stream;
  using streams = std::map<std::string, stream*>;
  explicit door(rt::asio::ip::tcp::acceptor a);

  rt::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t number_;
  std::shared_ptr<streams> streams_ = std::make_shared<streams>();
};

}  // namespace ebb::lab
