#include "tests/support/memory_stream.hpp"

#include <boost/asio/append.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace ebb::test {

namespace asio = rt::asio;

pipe::~pipe() { abort(); }

void pipe::complete(std::list<parked>& where, rt::error_code ec, std::size_t n) {
  handler h(std::move(where.front().h));
  where.clear();
  if (auto slot = asio::get_associated_cancellation_slot(h); slot.is_connected()) slot.clear();
  asio::post(ex_, asio::append(std::move(h), ec, n));
}

void pipe::park(std::list<parked>& where, parked p) {
  auto slot = asio::get_associated_cancellation_slot(p.h);
  where.push_back(std::move(p));
  if (slot.is_connected())
    slot.assign([this, &where](asio::cancellation_type) { complete(where, asio::error::operation_aborted, 0); });
  pump();
}

void pipe::read(asio::mutable_buffer into, handler h) { park(reader_, {std::move(h), into, {}}); }
void pipe::write(asio::const_buffer from, handler h) { park(writer_, {std::move(h), {}, from}); }

void pipe::pump() {
  if (!writer_.empty()) {
    const auto& from = writer_.front().from;
    const auto n = std::min({from.size(), capacity - std::min(capacity, bytes.size()), pass_limit});
    if (ended) {
      complete(writer_, asio::error::broken_pipe, 0);
    } else if (n > 0 || from.size() == 0) {
      bytes.append(static_cast<const char*>(from.data()), n);
      complete(writer_, {}, n);
    }
  }
  if (reader_.empty()) return;
  const auto& into = reader_.front().into;
  if (!bytes.empty()) {
    const auto n = asio::buffer_copy(into, asio::buffer(bytes, pass_limit));
    bytes.erase(0, n);
    complete(reader_, {}, n);
  } else if (ended) {
    complete(reader_, *ended, 0);
  }
}

void pipe::end(rt::error_code reader_sees) {
  if (!ended) ended = reader_sees;
  pump();
}

void pipe::abort() {
  if (!reader_.empty()) complete(reader_, asio::error::operation_aborted, 0);
  if (!writer_.empty()) complete(writer_, asio::error::operation_aborted, 0);
}

void pipe::append(std::string_view more) {
  bytes += more;
  pump();
}

void peer::send(std::string_view bytes) { out_->append(bytes); }

void peer::reset() {
  in_->end(asio::error::connection_reset);
  out_->end(asio::error::connection_reset);
}

std::string peer::received() {
  auto all = std::exchange(in_->bytes, {});
  in_->append({});  // there is room again
  return all;
}

namespace {

class memory_stream final : public rt::stream_impl {
 public:
  memory_stream(std::shared_ptr<pipe> in, std::shared_ptr<pipe> out) : in_(std::move(in)), out_(std::move(out)) {}
  ~memory_stream() override { close(); }

  void read_some(asio::mutable_buffer into, handler h) override { in_->read(into, std::move(h)); }
  void write_some(asio::const_buffer from, handler h) override { out_->write(from, std::move(h)); }
  void close() override {
    in_->abort();
    out_->abort();
    out_->end(asio::error::eof);
  }
  bool quiet() override { return in_->bytes.empty() && !in_->ended; }

 private:
  std::shared_ptr<pipe> in_, out_;
};

}  // namespace

connection connect_in_memory(asio::any_io_executor ex) {
  auto there = std::make_shared<pipe>(ex), back = std::make_shared<pipe>(ex);
  connection c;
  c.stream = rt::byte_stream(ex, std::make_unique<memory_stream>(back, there));
  c.other = peer(there, back);
  return c;
}

peer memory_listener::connect(std::string from, bool loopback) {
  auto c = connect_in_memory(ex_);
  rt::accepted a;
  a.stream = std::move(c.stream);
  a.peer = std::move(from);
  a.loopback = loopback;
  waiting_.emplace_back(std::move(a));
  changed_.notify();
  return c.other;
}

void memory_listener::fail(rt::error_code ec) {
  waiting_.emplace_back(ec);
  changed_.notify();
}

rt::task<rt::result<rt::accepted>> memory_listener::accept() {
  while (waiting_.empty()) co_await changed_.wait();
  auto next = std::move(waiting_.front());
  waiting_.pop_front();
  ++accepts;
  co_return next;
}

rt::task<rt::result<rt::byte_stream>> memory_network::connect(rt::destination to) {
  asked.push_back(std::move(to));
  if (!failures.empty()) {
    const auto ec = failures.front();
    failures.pop_front();
    co_return ec;
  }
  auto c = connect_in_memory(ex_);
  servers.push_back(c.other);
  co_return std::move(c.stream);
}

rt::result<std::unique_ptr<rt::listener>> memory_network::listen(std::string) {
  return std::unique_ptr<rt::listener>(std::make_unique<memory_listener>(ex_));
}

}  // namespace ebb::test
