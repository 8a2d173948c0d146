#pragma once
// Names by c-ares on the loop: no thread is ever started, nothing of glibc's name service is needed, and a lookup that
// nobody waits for any more holds nobody up.
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <unordered_map>

#include "agent/rt/files.hpp"
#include "agent/rt/resolver.hpp"

struct ares_channeldata;
struct ares_addrinfo;
struct hostent;

namespace ebb::os {

class resolver final : public rt::resolver {
 public:
  // `resolv_conf` is read again when it has changed.
  resolver(rt::asio::io_context& io, rt::file_store& files, std::string resolv_conf = "/etc/resolv.conf");
  ~resolver() override;
  resolver(const resolver&) = delete;
  resolver& operator=(const resolver&) = delete;

  rt::task<rt::result<std::vector<rt::asio::ip::address>>> resolve(std::string name) override;
  rt::task<rt::result<std::string>> reverse(rt::asio::ip::address of) override;
  std::string host_name() override;

 private:
  struct answer {
    std::vector<rt::asio::ip::address> addresses;
    std::string name;
  };
  using handler = rt::asio::any_completion_handler<void(rt::error_code, answer)>;
  struct query;
  struct watched;  // a socket of c-ares

  std::uint64_t current_version();
  void open();
  void close();
  std::shared_ptr<query> begin(handler h);
  void watch(int fd, bool read, bool write);
  void wait(const std::shared_ptr<watched>& s, bool for_read);
  void rearm();

  static void on_addresses(void* arg, int status, int timeouts, ares_addrinfo* found);
  static void on_name(void* arg, int status, int timeouts, hostent* found);

  rt::asio::io_context& io_;
  rt::file_store& files_;
  std::string resolv_conf_;
  std::uint64_t version_ = 0;
  rt::asio::steady_timer timer_;
  ares_channeldata* channel_ = nullptr;
  std::size_t live_ = 0;  // queries that somebody waits for
  std::unordered_map<int, std::shared_ptr<watched>> sockets_;
};

}  // namespace ebb::os
