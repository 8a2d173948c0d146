#pragma once
// Connections without a network: one end is a byte_stream for the code under test, the other a peer that the test plays
// by hand. Nothing moves unless the test lets the loop run.
#include <deque>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "agent/rt/network.hpp"
#include "agent/rt/notice.hpp"

namespace ebb::test {

// Bytes under way in one direction, and the operation that waits for them to move.
class pipe {
 public:
  using handler = rt::stream_impl::handler;
  explicit pipe(rt::asio::any_io_executor ex) : ex_(std::move(ex)) {}
  ~pipe();

  void read(rt::asio::mutable_buffer into, handler h);
  void write(rt::asio::const_buffer from, handler h);
  void end(rt::error_code reader_sees);  // no more bytes; the first call counts
  void abort();                          // the operations that wait complete with operation_aborted
  void append(std::string_view more);    // from a peer that does not wait

  std::string bytes;
  std::size_t capacity = 64 * 1024;
  std::optional<rt::error_code> ended;
  std::size_t pass_limit = SIZE_MAX;  // the most that one read or write moves

 private:
  struct parked {
    handler h;
    rt::asio::mutable_buffer into;
    rt::asio::const_buffer from;
  };
  void park(std::list<parked>& where, parked p);
  void pump();
  void complete(std::list<parked>& where, rt::error_code ec, std::size_t n);

  rt::asio::any_io_executor ex_;
  std::list<parked> reader_, writer_;  // at most one each
};

// The test's end of a connection.
class peer {
 public:
  peer() = default;
  peer(std::shared_ptr<pipe> in, std::shared_ptr<pipe> out) : in_(std::move(in)), out_(std::move(out)) {}
  void send(std::string_view bytes);
  std::string received();
  std::size_t unread() const { return out_->bytes.size(); }  // sent and not yet taken
  bool closed() const { return in_->ended.has_value(); }     // the code under test has closed its end
  void close() { out_->end(rt::asio::error::eof); }
  void reset();
  void stall(std::size_t window) { in_->capacity = window; }  // takes no more than that
  void trickle(std::size_t piece) { out_->pass_limit = in_->pass_limit = piece; }

 private:
  std::shared_ptr<pipe> in_, out_;
};

struct connection {
  rt::byte_stream stream;
  peer other;
};
connection connect_in_memory(rt::asio::any_io_executor ex);

// Accepts what the test connects.
class memory_listener final : public rt::listener {
 public:
  explicit memory_listener(rt::asio::any_io_executor ex) : ex_(ex), changed_(ex) {}
  peer connect(std::string from = "10.0.0.7:40000", bool loopback = false);
  void fail(rt::error_code ec);  // of the next accept
  rt::task<rt::result<rt::accepted>> accept() override;
  std::uint16_t port() const override { return 9011; }
  int accepts = 0;

 private:
  rt::asio::any_io_executor ex_;
  rt::notice changed_;
  std::deque<rt::result<rt::accepted>> waiting_;
};

// Every connect() succeeds, or fails as told; the test plays the server.
class memory_network final : public rt::network {
 public:
  explicit memory_network(rt::asio::any_io_executor ex) : ex_(std::move(ex)) {}
  rt::task<rt::result<rt::byte_stream>> connect(rt::destination to) override;
  rt::result<std::unique_ptr<rt::listener>> listen(std::string address) override;

  std::deque<peer> servers;  // the other ends, in order of their connect()
  std::deque<rt::error_code> failures;
  std::vector<rt::destination> asked;

 private:
  rt::asio::any_io_executor ex_;
};

}  // namespace ebb::test
