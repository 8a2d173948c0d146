#include "agent/http/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>

#include "agent/http/parser.hpp"
#include "agent/http/read_buffer.hpp"
#include "agent/http/wire.hpp"
#include "agent/rt/within.hpp"

namespace ebb::http {

namespace {

namespace asio = rt::asio;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// What is buffered beside one head: a piece of a body.
constexpr std::size_t read_ahead = 32 * 1024;

// "100 Continue" and its like in front of an answer.
constexpr int most_interim = 8;

struct connection {
  connection(rt::byte_stream s, const client_limits& limits)
      : stream(std::move(s)), in(limits.header + read_ahead), parser(limits.header, limits.body) {}

  rt::byte_stream stream;
  read_buffer in;
  response_parser parser;
  rt::time_point used{};
};

// What became of one attempt, whatever its result.
struct progress {
  bool sent = false;      // a byte of the request has gone out
  bool answered = false;  // a byte of the answer has come in
  bool reusable = false;
};

rt::task<rt::result<void>> send(connection& c, std::string_view bytes, progress& p) {
  while (!bytes.empty()) {
    auto [ec, n] = co_await c.stream.async_write_some(asio::buffer(bytes), as_tuple);
    if (n > 0) p.sent = true;
    if (ec) co_return ec;
    bytes.remove_prefix(n);
  }
  co_return rt::result<void>();
}

// One complete message, interim ones included.
rt::task<rt::result<void>> receive(connection& c, bool without_body, progress& p) {
  c.parser.restart(without_body);
  for (;;) {
    rt::error_code ec;
    if (!c.in.empty()) {
      p.answered = true;
      c.in.consume(c.parser.put(c.in.view(), ec));
      if (ec) co_return ec;
      if (c.parser.done()) co_return rt::result<void>();
    }
    const auto room = c.in.prepare();
    if (room.size() == 0) co_return rt::error_code(boost::beast::http::error::header_limit);
    auto [read_ec, n] = co_await c.stream.async_read_some(room, as_tuple);
    c.in.commit(n);
    if (!read_ec) continue;
    if (read_ec != asio::error::eof || !c.parser.begun()) co_return read_ec;
    c.parser.put_eof(ec);
    if (ec) co_return ec;
    co_return rt::result<void>();
  }
}

rt::task<rt::result<response>> attempt(connection& c, std::string_view bytes, bool without_body, progress& p) {
  auto sent = co_await send(c, bytes, p);
  if (!sent) co_return sent.error();
  for (int interim = 0; interim <= most_interim; ++interim) {
    auto received = co_await receive(c, without_body, p);
    if (!received) co_return received.error();
    auto& r = c.parser.message();
    if (r.status < 200) continue;
    // Bytes after the answer belong to nobody's question.
    p.reusable = c.parser.keep_alive() && !r.ended_by_close && c.in.empty();
    co_return std::move(r);
  }
  co_return rt::error_code(boost::beast::http::error::bad_status);
}

bool has_gone(const rt::error_code& ec) {
  return ec == asio::error::eof || ec == asio::error::connection_reset || ec == asio::error::connection_aborted ||
         ec == asio::error::broken_pipe || ec == asio::error::not_connected || ec == asio::ssl::error::stream_truncated;
}

// Whether the server can have acted on the first attempt only in a way that a second one does not change.
bool may_repeat(const std::string& method, const progress& p) {
  return !p.sent || method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE";
}

}  // namespace

struct client::impl {
  rt::network& net;
  base_url url;
  rt::tls_options tls;
  client_limits limits;
  std::unique_ptr<connection> kept;
  bool busy = false;
  unsigned generation = 0;  // raised by discard()

  // `self` keeps the client's state for as long as the exchange unwinds, whatever becomes of the client.
  static rt::task<rt::result<response>> run(std::shared_ptr<impl> self, request req, rt::clock_source& clock);
  rt::task<rt::result<response>> run(request req, rt::clock_source& clock);
  std::unique_ptr<connection> take(rt::time_point now);
};

// The kept connection, when it is still good for another exchange.
std::unique_ptr<connection> client::impl::take(rt::time_point now) {
  auto c = std::move(kept);
  if (c && (now - c->used >= limits.idle || !c->stream.quiet())) c.reset();
  return c;
}

rt::task<rt::result<response>> client::impl::run(std::shared_ptr<impl> self, request req, rt::clock_source& clock) {
  co_return co_await self->run(std::move(req), clock);
}

rt::task<rt::result<response>> client::impl::run(request req, rt::clock_source& clock) {
  std::string bytes;
  auto rendered = append_request(bytes, req, url.prefix + req.target, url.authority());
  if (!rendered) co_return rendered.error();
  const bool without_body = req.method == "HEAD";

  struct in_use {
    explicit in_use(bool& f) : flag(f), mine(!std::exchange(f, true)) {}
    ~in_use() {
      if (mine) flag = false;
    }
    bool& flag;
    const bool mine;
  } first(busy);

  auto c = first.mine ? take(clock.now()) : nullptr;
  for (bool fresh = false;;) {
    const auto born = generation;
    if (!c) {
      fresh = true;
      auto stream = co_await net.connect(rt::destination(url.host, url.port, tls));
      if (!stream) co_return stream.error();
      c = std::make_unique<connection>(std::move(*stream), limits);
    }
    progress p;
    auto answer = co_await attempt(*c, bytes, without_body, p);
    if (answer) {
      c->used = clock.now();
      if (first.mine && p.reusable && born == generation) kept = std::move(c);
      co_return answer;
    }
    if (fresh || p.answered || !has_gone(answer.error()) || !may_repeat(req.method, p)) co_return answer.error();
    c.reset();
  }
}

client::client(rt::network& net, base_url to, rt::tls_options tls, client_limits limits)
    : impl_(new impl{net, std::move(to), std::move(tls), limits, {}}) {
  impl_->tls.enabled = impl_->url.tls;
}
client::~client() = default;

rt::task<rt::result<response>> client::exchange(request req, rt::deadline dl) {
  auto attempts = impl::run(impl_, std::move(req), dl.clock());
  co_return co_await rt::within(dl, std::move(attempts));
}

void client::discard() {
  impl_->kept.reset();
  ++impl_->generation;
}

}  // namespace ebb::http
