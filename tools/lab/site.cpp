#include "tools/lab/site.hpp"

#include <algorithm>

#include "agent/rt/within.hpp"

namespace ebb::lab {
namespace {

constexpr duration silence_limit = 60s;  // an answer that never comes is given up by us, too
constexpr duration restart_look = 50ms;
constexpr duration longest_sleep = 1h;

}  // namespace

site::site(rt::asio::io_context& io, rt::clock_source& clock, options o)
    : io_(io),
      clock_(clock),
      options_(std::move(o)),
      coordinator_(options_.dremio, seeded(options_.seed)),
      planner_(coordinator_.nodes(), coordinator_.denied()),
      faults_(seeded(options_.seed + 1)),
      changed_(io.get_executor()) {}

site::~site() = default;

rt::result<std::pair<std::uint16_t, std::uint16_t>> site::open() {
  auto http = door::open(io_, options_.listen);
  if (!http) return http.error();
  auto control = door::open(io_, options_.control);
  if (!control) return control.error();
  http_port_ = std::move(*http);
  control_port_ = std::move(*control);
  options_.listen = options_.listen.substr(0, options_.listen.rfind(':') + 1) + std::to_string(http_port_->port());
  return std::pair(http_port_->port(), control_port_->port());
}

rt::task<> site::run() {
  rt::nursery children(io_.get_executor());
  children.spawn(drive());
  children.spawn(serve_http());
  children.spawn(accept_members(children));
  co_await children.join();
}

rt::task<> site::drive() {
  for (;;) {
    const auto now = clock_.now();
    coordinator_.nodes().expire(now);
    while (load_ && load_->next_event().value_or(time_point::max()) <= now) planner_.submit(load_->take(), now);
    for (const auto& o : planner_.due(now)) carry_out(o);
    auto next = now + longest_sleep;
    if (const auto at = planner_.next_event()) next = std::min(next, *at);
    if (load_)
      if (const auto at = load_->next_event()) next = std::min(next, *at);
    co_await changed_.wait(rt::deadline(clock_, next));
  }
}

void site::start_load(load::options o) {
  load_.emplace(std::move(o));
  changed_.notify();
}

void site::submit(const query_shape& q) {
  planner_.submit(q, clock_.now());
  changed_.notify();
}

void site::hold(bool held) {
  for (auto& m : members_) m.link.say(held ? "hold 1" : "hold 0");
}

// The port is closed while a restart is on; connections that are open then are broken, too.
rt::task<> site::serve_http() {
  for (;;) {
    rt::nursery up(io_.get_executor());
    up.spawn(http::serve(clock_, *http_port_, [this](http::request req) { return answer(std::move(req)); }));
    up.spawn(serve_while_up(up));
    co_await up.join();
    http_port_.reset();
    while (!http_port_) {
      co_await clock_.sleep_for(restart_look);
      if (faults_.down(clock_.now())) continue;
      if (auto again = door::open(io_, options_.listen)) http_port_ = std::move(*again);
    }
  }
}

rt::task<> site::serve_while_up(rt::nursery& around) {
  while (!faults_.down(clock_.now())) co_await clock_.sleep_for(restart_look);
  around.cancel();
}

rt::task<http::response> site::answer(http::request req) {
  if (req.path().starts_with("/lab/")) co_return admin(req);
  call c;
  c.method = req.method;
  c.target = req.target;
  c.body = req.body;
  c.authorization = http::find_header(req.headers, "Authorization").value_or("");
  c.content_type = http::find_header(req.headers, "Content-Type").value_or("");
  const auto v = faults_.judge(c, clock_.now());
  co_await clock_.sleep_for(v.before);
  auto a = v.instead;
  const bool applied = v.what == fault::none || v.what == fault::lost_answer || v.what == fault::silence;
  if (applied) a = coordinator_.handle(c, clock_.now());
  if (v.what == fault::silence) co_await clock_.sleep_for(silence_limit);
  co_await clock_.sleep_for(v.after + a.takes);
  const bool unanswered =
      v.what == fault::reset || v.what == fault::down || v.what == fault::lost_answer || v.what == fault::silence;
  if (unanswered) http_port_->cut(req.peer);
  http::response r;
  r.status = a.status;
  if (!a.content_type.empty()) r.headers.emplace_back("Content-Type", a.content_type);
  r.body = std::move(a.body);
  co_return r;
}

rt::task<> site::accept_members(rt::nursery& children) {
  for (;;) {
    auto from = co_await control_port_->accept();
    if (from)
      children.spawn(attend(std::move(*from)));
    else
      co_await clock_.sleep_for(100ms);
  }
}

namespace {

rt::task<> read_all(control_link& link, std::function<void(const words&)> hear, rt::nursery& around) {
  for (;;) {
    auto said = co_await link.read();
    if (!said) break;
    hear(*said);
  }
  around.cancel();
}

}  // namespace

rt::task<> site::attend(rt::accepted from) {
  const auto m = members_.emplace(members_.end(), std::move(from.stream));
  rt::nursery both(io_.get_executor());
  both.spawn(m->link.run());
  std::function<void(const words&)> listen = [this, m](const words& said) { hear(*m, said); };
  both.spawn(read_all(m->link, std::move(listen), both));
  co_await both.join();
  lost(*m);
  members_.erase(m);
}

void site::hear(member& m, const words& said) {
  const auto now = clock_.now();
  if (said.empty()) return;
  if (said[0] == "join" && said.size() >= 3) {
    m.name = said[1];
    coordinator_.nodes().join({m.name, said[2], said.size() > 3 ? said[3] : "", now, std::nullopt});
    note(member_event::kind::joined, m.name);
  } else if (said[0] == "done" && said.size() == 2) {
    planner_.fragment_done(number(said[1]), now);
  } else if (said[0] == "signalled") {
    note(member_event::kind::signalled, m.name);
  } else if (said[0] == "leave") {
    m.left = true;
    coordinator_.nodes().leave(m.name);
    planner_.node_gone(m.name, now);
    note(member_event::kind::left, m.name);
  }
  changed_.notify();
}

void site::lost(member& m) {
  if (m.name.empty() || m.left) return;
  coordinator_.nodes().vanish(m.name, clock_.now());
  planner_.node_gone(m.name, clock_.now());
  note(member_event::kind::died, m.name);
  changed_.notify();
}

void site::carry_out(const planner::order& o) {
  auto* m = find(o.node);
  const auto id = std::to_string(o.fragment);
  if (o.what == planner::order::kind::cancel) {
    if (m) m->link.say("cancel " + id);
  } else if (!m) {
    planner_.fragment_failed(o.fragment, clock_.now());
  } else {
    const auto query = std::to_string(planner_.fragments()[o.fragment].query);
    const auto lasts = std::chrono::duration_cast<std::chrono::microseconds>(o.lasts).count();
    m->link.say("start " + id + " " + query + " " + std::to_string(lasts));
  }
}

site::member* site::find(std::string_view node) {
  for (auto& m : members_)
    if (m.name == node && !m.left) return &m;
  return nullptr;
}

void site::note(member_event::kind what, const std::string& node) {
  if (events_.size() < record_limit) events_.push_back({what, clock_.now(), node});
}

}  // namespace ebb::lab
