#pragma once
// A simulated TCP connection: two ends, bytes in order, a window, FIN and RST as the kernel sends them.
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "agent/rt/byte_stream.hpp"
#include "tests/support/sim/host.hpp"

namespace ebb::sim {

class wires;

class connection : public std::enable_shared_from_this<connection> {
 public:
  // The end that connected is 0, the one that was accepted is 1.
  connection(wires& w, host& from, host& to);

  void read(std::size_t end, asio::mutable_buffer into, parking::handler h);
  void write(std::size_t end, asio::const_buffer from, parking::handler h);
  void close(std::size_t end);

  void reset();  // both ends learn of it after a latency
  void go_silent() { silent_ = true; }
  void flush_delayed();  // after a cut was healed
  bool joins(const std::string& a, const std::string& b) const;
  bool loopback() const noexcept { return loopback_; }

 private:
  enum class kind { data, fin, rst };
  struct segment {
    kind what;
    std::string bytes;
    rt::time_point at{};  // when it arrives
  };
  struct side {
    host* owner = nullptr;
    std::deque<segment> coming;  // on its way to this side, in order
    std::size_t coming_bytes = 0;
    rt::time_point last_arrival{};
    bool delayed = false;  // a segment ran into a cut
    std::string inbox;
    std::size_t taken = 0;  // of the inbox, already read
    std::size_t unread() const noexcept { return inbox.size() - taken; }
    bool end_of_stream = false;
    bool closed = false;
    error_code broken;
    std::uint64_t reader = 0;
    asio::mutable_buffer into;
    std::uint64_t writer = 0;
    asio::const_buffer from;
  };

  bool lost(const side& to) const;
  void send(std::size_t to, kind what, std::string bytes = {});
  void send_data(std::size_t to, asio::const_buffer bytes);
  void arrive(std::size_t at);
  void take(std::size_t at, segment s);
  void serve_reader(std::size_t end);
  void serve_writer(std::size_t end);
  std::size_t room(std::size_t to) const;

  wires& wires_;
  std::array<side, 2> sides_;
  bool loopback_;
  bool silent_ = false;
};

// The stream that an agent holds; closing or destroying it closes its end of the connection.
rt::byte_stream make_stream(std::shared_ptr<connection> c, std::size_t end, asio::any_io_executor ex);

}  // namespace ebb::sim
