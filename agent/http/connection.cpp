#include "agent/http/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>

namespace ebb::http {

namespace {

namespace asio = rt::asio;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// What is buffered beside one head: a piece of a body.
constexpr std::size_t read_ahead = 32 * 1024;

// "100 Continue" and its like in front of an answer.
constexpr int most_interim = 8;

rt::task<rt::result<void>> send(connection& c, std::string_view bytes, progress& p) {
  while (!bytes.empty()) {
    auto [ec, n] = co_await c.stream.async_write_some(asio::buffer(bytes), as_tuple);
    if (n > 0) p.sent = true;
    if (ec) co_return ec;
    bytes.remove_prefix(n);
  }
  co_return rt::result<void>();
}

rt::task<rt::result<void>> receive(connection& c, bool without_body, extent wanted, progress& p) {
  c.parser.restart(without_body);
  for (;;) {
    if (!c.in.empty()) p.answered = true;
    auto parsed = parse(c);
    if (!parsed) co_return parsed.error();
    if (c.parser.done() || (wanted == extent::head && c.parser.has_head())) co_return rt::result<void>();
    auto more = co_await read_more(c);
    if (!more) co_return more.error();
  }
}

}  // namespace

connection::connection(rt::byte_stream s, const client_limits& limits)
    : stream(std::move(s)), in(limits.header + read_ahead), parser(limits.header, limits.body) {}

rt::result<void> parse(connection& c) {
  if (c.in.empty() || c.parser.done()) return {};
  rt::error_code ec;
  c.in.consume(c.parser.put(c.in.view(), ec));
  if (ec) return ec;
  return {};
}

rt::task<rt::result<void>> read_more(connection& c) {
  const auto room = c.in.prepare();
  if (room.size() == 0) co_return rt::error_code(boost::beast::http::error::header_limit);
  auto [ec, n] = co_await c.stream.async_read_some(room, as_tuple);
  c.in.commit(n);
  if (!ec) co_return rt::result<void>();
  if (ec != asio::error::eof || !c.parser.begun()) co_return ec;
  rt::error_code incomplete;
  c.parser.put_eof(incomplete);
  if (incomplete) co_return incomplete;
  co_return rt::result<void>();
}

rt::task<rt::result<void>> attempt(connection& c, std::string_view bytes, bool without_body, extent wanted,
                                   progress& p) {
  auto sent = co_await send(c, bytes, p);
  if (!sent) co_return sent.error();
  for (int interim = 0; interim <= most_interim; ++interim) {
    auto received = co_await receive(c, without_body, wanted, p);
    if (!received) co_return received.error();
    const auto& r = c.parser.message();
    if (r.status < 200) continue;
    // Bytes after the answer belong to nobody's question.
    p.reusable = c.parser.done() && c.parser.keep_alive() && !r.ended_by_close && c.in.empty();
    co_return rt::result<void>();
  }
  co_return rt::error_code(boost::beast::http::error::bad_status);
}

bool has_gone(const rt::error_code& ec) {
  return ec == asio::error::eof || ec == asio::error::connection_reset || ec == asio::error::connection_aborted ||
         ec == asio::error::broken_pipe || ec == asio::error::not_connected || ec == asio::ssl::error::stream_truncated;
}

}  // namespace ebb::http
