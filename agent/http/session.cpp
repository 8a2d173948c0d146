#include "agent/http/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/status.hpp>
#include <charconv>

#include "agent/http/date.hpp"
#include "agent/rt/within.hpp"

namespace ebb::http {

namespace {

namespace asio = rt::asio;
using namespace std::chrono_literals;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// What is buffered beside one head: pipelined requests, a piece of a body, a line of a chunk.
constexpr std::size_t read_ahead = 4 * 1024;

// After a refusal the rest of the request is read and dropped for a while: a connection closed with unread bytes is
// reset, and the reset may overtake the answer.
constexpr std::size_t most_dropped = 256 * 1024;
constexpr rt::duration longest_dropping = 2s;

constexpr std::size_t kept_output = 64 * 1024;

bool has_no_body(unsigned status) { return status < 200 || status == 204 || status == 304; }

}  // namespace

std::string_view server_state::date() {
  const auto now = cuts.clock().now();
  if (date_.empty() || now >= date_until_) {
    const auto wall = cuts.clock().wall_now();
    date_ = format_date(wall);
    date_until_ = now + (1s - (wall.time_since_epoch() % 1s));
  }
  return date_;
}

session::session(server_state& server, rt::accepted from)
    : server_(server),
      from_(std::move(from)),
      cut_(server.cuts, from_.stream),
      parser_({server.limits.header, server.limits.target, server.limits.body}),
      in_(server.limits.header + read_ahead) {
  ++server_.connections;
}

session::~session() { --server_.connections; }

rt::task<> session::run() {
  cut_.in(server_.limits.request);  // who connects has something to say
  while (co_await read_request()) {
    cut_.never();  // the handler has deadlines of its own
    const bool keep = co_await answer();
    if (!keep) break;
    parser_.restart();
    cut_.in(server_.limits.idle);
  }
}

rt::task<bool> session::read_request() {
  for (bool begun = false, continued = false;;) {
    if (!in_.empty()) {
      rt::error_code ec;
      in_.consume(parser_.put(in_.view(), ec));
      if (ec) {
        co_await refuse(parser_.refusal());
        co_return false;
      }
      if (parser_.done()) co_return true;
      if (!std::exchange(begun, true)) cut_.in(server_.limits.request);
      if (parser_.wants_continue() && !std::exchange(continued, true)) {
        out_ = "HTTP/1.1 100 Continue\r\n\r\n";
        const bool sent = co_await send();
        if (!sent) co_return false;
        cut_.in(server_.limits.request);
      }
    }
    const bool more = co_await read_more();
    if (!more) co_return false;
  }
}

rt::task<bool> session::read_more() {
  const auto room = in_.prepare();
  if (room.size() == 0) {  // a chunk's line or a trailer without end
    co_await refuse(431);
    co_return false;
  }
  auto [ec, n] = co_await from_.stream.async_read_some(room, as_tuple);
  in_.commit(n);
  co_return !ec;
}

rt::task<response> session::handled(request req) {
  try {
    co_return co_await server_.handle(std::move(req));
  } catch (...) {
    if (rt::is_abort(std::current_exception())) throw;
  }
  co_return plain(500, "internal error\n");
}

rt::task<bool> session::answer() {
  auto& req = parser_.message();
  const bool http11 = parser_.http11(), head_only = req.method == "HEAD";
  bool keep = parser_.keep_alive();
  if (head_only) req.method = "GET";
  req.peer = from_.peer;
  req.from_loopback = from_.loopback;
  response r = co_await handled(std::move(req));

  const bool streamed = r.stream != nullptr;
  auto body = framing::length;
  if (has_no_body(r.status))
    body = framing::none;
  else if (streamed)
    body = http11 ? framing::chunks : framing::until_close;
  if (body == framing::until_close) keep = false;
  out_.clear();
  if (!append_response_head(out_, r, body, keep, http11, server_.date())) {
    r = plain(500, "internal error\n");
    out_.clear();
    (void)append_response_head(out_, r, framing::length, keep = false, http11, server_.date());
  } else if (streamed) {
    const bool sent = co_await send();
    if (!sent) co_return false;
    if (head_only || body == framing::none) co_return keep;
    cut_.never();  // until the first piece: when that comes is the handler's business
    chunked_ = body == framing::chunks;
    const bool complete = co_await stream_body(r);
    co_return complete&& keep;
  }
  if (!head_only && body == framing::length) out_ += r.body;
  const bool sent = co_await send();
  co_return sent&& keep;
}

// A body that ends by an exception gets no last chunk, so that the client sees it as cut off.
rt::task<bool> session::stream_body(const response& r) {
  try {
    co_await r.stream(*this);
  } catch (...) {
    if (rt::is_abort(std::current_exception())) throw;
    co_return false;
  }
  if (!chunked_) co_return true;
  out_ = "0\r\n\r\n";
  co_return co_await send();
}

rt::task<rt::result<void>> session::write(std::string piece) {
  if (piece.empty()) co_return rt::result<void>();  // as a chunk it would end the body
  out_.clear();
  if (chunked_) {
    char size[16];
    out_.append(size, std::to_chars(std::begin(size), std::end(size), piece.size(), 16).ptr).append("\r\n");
  }
  out_ += piece;
  if (chunked_) out_ += "\r\n";
  const bool sent = co_await send();
  cut_.never();
  if (!sent) co_return rt::error_code(asio::error::connection_reset);
  co_return rt::result<void>();
}

rt::task<> session::refuse(unsigned status) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  const auto r = plain(status, std::string(reason.data(), reason.size()) + "\n");
  out_.clear();
  (void)append_response_head(out_, r, framing::length, false, true, server_.date());
  out_ += r.body;
  const bool sent = co_await send();
  if (!sent) co_return;
  cut_.in(longest_dropping);
  in_ = read_buffer(read_ahead);
  for (std::size_t dropped = 0; dropped < most_dropped;) {
    auto [ec, n] = co_await from_.stream.async_read_some(in_.prepare(), as_tuple);
    if (ec) co_return;
    dropped += n;
  }
}

rt::task<bool> session::send() {
  for (std::size_t done = 0; done < out_.size();) {
    cut_.in(server_.limits.write);
    auto [ec, n] = co_await from_.stream.async_write_some(asio::buffer(out_) + done, as_tuple);
    if (ec) co_return false;
    done += n;
  }
  if (out_.capacity() > kept_output) out_ = std::string();
  co_return true;
}

}  // namespace ebb::http
