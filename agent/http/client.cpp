#include "agent/http/client.hpp"

#include <limits>

#include "agent/http/connection.hpp"
#include "agent/http/wire.hpp"
#include "agent/rt/within.hpp"

namespace ebb::http {

namespace {

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
  static rt::task<rt::result<std::unique_ptr<body_reader>>> open(std::shared_ptr<impl> self, request req);
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
    auto answered = co_await attempt(*c, bytes, without_body, extent::whole, p);
    if (answered) {
      c->used = clock.now();
      auto answer = std::move(c->parser.message());
      if (first.mine && p.reusable && born == generation) kept = std::move(c);
      co_return answer;
    }
    if (fresh || p.answered || !has_gone(answered.error()) || !may_repeat(req.method, p)) co_return answered.error();
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

// A connection of its own: what is kept for short calls must not wait behind a body without end.
rt::task<rt::result<std::unique_ptr<body_reader>>> client::impl::open(std::shared_ptr<impl> self, request req) {
  std::string bytes;
  auto rendered = append_request(bytes, req, self->url.prefix + req.target, self->url.authority());
  if (!rendered) co_return rendered.error();
  auto stream = co_await self->net.connect(rt::destination(self->url.host, self->url.port, self->tls));
  if (!stream) co_return stream.error();
  auto limits = self->limits;
  limits.body = std::numeric_limits<std::size_t>::max();  // taken out piece by piece
  auto c = std::make_unique<connection>(std::move(*stream), limits);
  progress p;
  auto answered = co_await attempt(*c, bytes, false, extent::head, p);
  if (!answered) co_return answered.error();
  co_return std::make_unique<body_reader>(std::move(c));
}

rt::task<rt::result<std::unique_ptr<body_reader>>> client::open(request req, rt::deadline dl) {
  auto opening = impl::open(impl_, std::move(req));
  co_return co_await rt::within(dl, std::move(opening));
}

body_reader::body_reader(std::unique_ptr<connection> c) : connection_(std::move(c)) {}
body_reader::~body_reader() = default;

unsigned body_reader::status() const { return connection_->parser.message().status; }
const header_list& body_reader::headers() const { return connection_->parser.message().headers; }

rt::task<rt::result<std::string>> body_reader::read_piece(connection& c) {
  for (;;) {
    auto parsed = parse(c);
    if (!parsed) co_return parsed.error();
    auto& body = c.parser.message().body;
    if (!body.empty()) co_return std::exchange(body, {});
    if (c.parser.done()) co_return std::string();
    auto more = co_await read_more(c);
    if (!more) co_return more.error();
  }
}

rt::task<rt::result<std::string>> body_reader::next(rt::deadline dl) {
  auto piece = read_piece(*connection_);
  co_return co_await rt::within(dl, std::move(piece));
}

void client::discard() {
  impl_->kept.reset();
  ++impl_->generation;
}

}  // namespace ebb::http
