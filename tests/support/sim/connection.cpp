#include "tests/support/sim/connection.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

#include "tests/support/sim/wires.hpp"

namespace ebb::sim {

namespace {

// How long after a cut is healed the kernel sends again what it could not deliver.
constexpr rt::duration longest_retransmission = 1s;

class stream_end final : public rt::stream_impl {
 public:
  stream_end(std::shared_ptr<connection> c, std::size_t end) : connection_(std::move(c)), end_(end) {}
  ~stream_end() override { close(); }
  void read_some(asio::mutable_buffer into, handler h) override { connection_->read(end_, into, std::move(h)); }
  void write_some(asio::const_buffer from, handler h) override { connection_->write(end_, from, std::move(h)); }
  void close() override { connection_->close(end_); }

 private:
  std::shared_ptr<connection> connection_;
  std::size_t end_;
};

}  // namespace

rt::byte_stream make_stream(std::shared_ptr<connection> c, std::size_t end, asio::any_io_executor ex) {
  return {std::move(ex), std::make_unique<stream_end>(std::move(c), end)};
}

connection::connection(wires& w, host& from, host& to) : wires_(w), loopback_(from.pod() == to.pod()) {
  sides_[0].owner = &from;
  sides_[1].owner = &to;
}

bool connection::joins(const std::string& a, const std::string& b) const {
  const auto& x = sides_[0].owner->pod();
  const auto& y = sides_[1].owner->pod();
  return (x == a && y == b) || (x == b && y == a);
}

void connection::read(std::size_t end, asio::mutable_buffer into, parking::handler h) {
  side& me = sides_[end];
  const auto ticket = me.owner->park(std::move(h));
  if (me.closed) return me.owner->resume(ticket, asio::error::bad_descriptor, 0);
  if (into.size() == 0) return me.owner->resume(ticket, {}, 0);
  if (me.owner->fails(seam::read)) return me.owner->resume(ticket, asio::error::connection_reset, 0);
  me.reader = ticket;
  me.into = into;
  serve_reader(end);
}

void connection::write(std::size_t end, asio::const_buffer from, parking::handler h) {
  side& me = sides_[end];
  const auto ticket = me.owner->park(std::move(h));
  if (me.closed || me.owner->dying()) return me.owner->resume(ticket, asio::error::bad_descriptor, 0);
  if (from.size() == 0) return me.owner->resume(ticket, {}, 0);
  if (me.owner->fails(seam::write)) return me.owner->resume(ticket, asio::error::broken_pipe, 0);
  me.writer = ticket;
  me.from = from;
  serve_writer(end);
}

void connection::close(std::size_t end) {
  side& me = sides_[end];
  if (std::exchange(me.closed, true)) return;
  me.owner->resume(std::exchange(me.reader, 0), asio::error::operation_aborted, 0);
  me.owner->resume(std::exchange(me.writer, 0), asio::error::operation_aborted, 0);
  if (me.broken || me.owner->dark()) return;
  // As the kernel does it: what was never read is answered with a reset.
  send(1 - end, me.unread() == 0 ? kind::fin : kind::rst);
  me.inbox.clear();
  me.taken = 0;
}

void connection::reset() {
  send(0, kind::rst);
  send(1, kind::rst);
}

void connection::serve_reader(std::size_t end) {
  side& me = sides_[end];
  if (!me.owner->holds(me.reader)) return;
  if (me.unread() != 0) {
    const auto n = asio::buffer_copy(me.into, asio::buffer(me.inbox) + me.taken);
    me.taken += n;
    if (me.unread() == 0) {
      me.inbox.clear();
      me.taken = 0;
    }
    me.owner->resume(std::exchange(me.reader, 0), {}, n);
    // The other end learns of the new room a latency later.
    const side& other = sides_[1 - end];
    if (other.owner->holds(other.writer)) {
      auto& w = wires_.home();
      w.schedule(w.now() + wires_.draw_latency(loopback_),
                 [self = shared_from_this(), end] { self->serve_writer(1 - end); });
    }
  } else if (me.broken) {
    me.owner->resume(std::exchange(me.reader, 0), me.broken, 0);
  } else if (me.end_of_stream) {
    me.owner->resume(std::exchange(me.reader, 0), asio::error::eof, 0);
  }
}

std::size_t connection::room(std::size_t to) const {
  const auto used = sides_[to].coming_bytes + sides_[to].unread();
  return used < wires_.window ? wires_.window - used : 0;
}

void connection::serve_writer(std::size_t end) {
  side& me = sides_[end];
  if (!me.owner->holds(me.writer)) return;
  if (me.broken) return me.owner->resume(std::exchange(me.writer, 0), asio::error::broken_pipe, 0);
  const auto n = std::min(room(1 - end), me.from.size());
  if (n == 0) return;
  send_data(1 - end, asio::buffer(me.from, n));
  me.owner->resume(std::exchange(me.writer, 0), {}, n);
}

void connection::send_data(std::size_t to, asio::const_buffer bytes) {
  const std::string_view all(static_cast<const char*>(bytes.data()), bytes.size());
  std::size_t first = all.size();
  if (first > 1 && wires_.draws().chance(wires_.fragmentation)) first = 1 + wires_.draws().below(all.size() - 1);
  send(to, kind::data, std::string(all.substr(0, first)));
  if (first < all.size()) send(to, kind::data, std::string(all.substr(first)));
}

void connection::send(std::size_t to, kind what, std::string bytes) {
  side& there = sides_[to];
  there.coming_bytes += bytes.size();
  if (silent_) return;
  auto& w = wires_.home();
  there.last_arrival = std::max(there.last_arrival, w.now() + wires_.draw_latency(loopback_));
  there.coming.push_back({what, std::move(bytes), there.last_arrival});
  w.schedule(there.last_arrival, [self = shared_from_this(), to] { self->arrive(to); });
}

bool connection::lost(const side& to) const {
  const host& sender = *sides_[&to == &sides_[0] ? 1 : 0].owner;
  return !loopback_ && !wires_.passes(sender.pod(), to.owner->pod());
}

void connection::arrive(std::size_t at) {
  side& me = sides_[at];
  while (!me.coming.empty() && me.coming.front().at <= wires_.home().now()) {
    me.delayed = lost(me);
    if (me.delayed || silent_) return;  // this segment and all behind it wait: for flush_delayed(), or for ever
    segment s = std::move(me.coming.front());
    me.coming.pop_front();
    me.coming_bytes -= s.bytes.size();
    take(at, std::move(s));
  }
}

void connection::flush_delayed() {
  auto& w = wires_.home();
  for (std::size_t at = 0; at < sides_.size(); ++at) {
    side& me = sides_[at];
    if (!std::exchange(me.delayed, false)) continue;
    const auto again = w.now() + wires_.draws().between(0ns, longest_retransmission);
    for (auto& s : me.coming) s.at = std::max(s.at, again);
    me.last_arrival = std::max(me.last_arrival, again);
    w.schedule(again, [self = shared_from_this(), at] { self->arrive(at); });
  }
}

void connection::take(std::size_t at, segment s) {
  side& me = sides_[at];
  if (me.owner->dark()) return;
  wires_.home().note(at + 2 * s.bytes.size());
  if (s.what == kind::rst) {
    me.broken = asio::error::connection_reset;
  } else if (me.closed) {
    if (s.what == kind::data) send(1 - at, kind::rst);
    return;
  } else if (s.what == kind::fin) {
    me.end_of_stream = true;
  } else {
    me.inbox += s.bytes;
  }
  serve_reader(at);
  if (me.broken) serve_writer(at);
}

}  // namespace ebb::sim
