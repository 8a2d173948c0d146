#include "tests/sim/fleet/fleet.hpp"

#include <algorithm>

#include "agent/http/server.hpp"
#include "tests/support/catch.hpp"

namespace ebb::sim {

namespace {
constexpr auto deny_list_path = "/api/v3/nodeCollections/blacklist";
}

std::string executor_name(int i) { return "executor-" + std::to_string(i); }

namespace {

std::string coordinator_url(const std::string& prefix) {
  return "http://" + prefix + coordinator_name + ":" + std::to_string(coordinator_port);
}

}  // namespace

config::settings agent_settings() {
  config::settings s;
  s.dremio.url = coordinator_url("");
  s.dremio.user.value = "admin";
  s.dremio.password.value = "secret1!";
  s.listen.probes = "0.0.0.0:9011";
  s.drain.grace = 600s;
  return s;
}

lab::executor::options quick_to_leave() {
  lab::executor::options o;
  o.grace = 1s;
  return o;
}

lab::load::options steady_load(double per_second) {
  lab::load::options o;
  o.per_second = per_second;
  return o;
}

lab::load::options no_load() {
  lab::load::options o;
  o.until = lab::time_point::min();
  return o;
}

fleet::fleet(world& w, fleet_options o)
    : world_(w),
      options_(std::move(o)),
      cluster_(
          [&] {
            auto c = options_.coordinator;
            c.wall_at_zero =
                calendar_start - std::chrono::floor<std::chrono::milliseconds>(w.start().time_since_epoch());
            return c;
          }(),
          [&] {
            auto l = options_.load;
            l.from = w.now();
            l.seed = w.seed();
            return l;
          }(),
          [r = w.fork("lab")]() mutable { return r.unit(); }),
      faults_([r = w.fork("faults")]() mutable { return r.unit(); }) {
  coordinator_ = &world_.add_host(options_.prefix + coordinator_name);
  coordinator_->runs([this](host& h) { return serve_coordinator(h); });
  coordinator_->boot();
  if (options_.kubernetes) kubelet_ = std::make_unique<kubelet>(*this, *options_.kubernetes, options_.api);
  for (int i = 0; i < options_.executors; ++i) {
    auto model = options_.executor;
    model.name = name_of(i);
    model.ip = "10.0.0." + std::to_string(i + 1);
    cluster_.add(model);
    auto settings = options_.settings.dremio.url.empty() ? agent_settings() : options_.settings;
    if (!options_.prefix.empty()) settings.dremio.url = coordinator_url(options_.prefix);
    if (settings.dremio.node_name == "auto") settings.dremio.node_name = model.name;
    containers_.push_back(std::make_unique<container>(*this, model.name, std::move(settings)));
  }
  const int started = size() - options_.idle_containers;
  for (int i = 0; i < started; ++i) {
    if (kubelet_) kubelet_->give_pod(i, name_of(i));
    at(i).start();
  }
  if (options_.wait_until_serving) {
    const bool served = world_.run_while_not([this] { return all(core::state::serving); }, 120s);
    REQUIRE(served);
  }
}

void fleet::pump() {
  cluster_.advance(world_.now());
  const auto& events = cluster_.events();
  while (events_seen_ < events.size()) {
    const auto e = events[events_seen_++];
    const auto c = std::ranges::find(containers_, e.node, [](const auto& one) { return one->name(); });
    if (c == containers_.end()) continue;
    if (e.what == lab::cluster::event::kind::exited) (*c)->executor_event(e.wait_status);
    (*c)->mirror_port(cluster_.at(e.node).listening());
  }
  const auto next = cluster_.next_event();
  if (!next || (next_pump_ && *next_pump_ <= *next)) return;
  next_pump_ = std::max(*next, world_.now());
  world_.schedule(*next_pump_, [this] {
    next_pump_.reset();
    pump();
  });
}

bool fleet::all(core::state s) {
  for (auto& c : containers_)
    if (c->started() && (options_.agents ? c->life().now != s : !cluster_.at(c->name()).listening())) return false;
  return true;
}

std::size_t fleet::list_calls(int i, rt::time_point from, rt::time_point until) const {
  const auto of = list_calls_.find(world_.net().ip(executor_name(i)));
  if (of == list_calls_.end()) return 0;
  return static_cast<std::size_t>(
      std::ranges::count_if(of->second, [&](rt::time_point at) { return at >= from && at <= until; }));
}

void fleet::write_list(std::vector<std::string> entries) {
  cluster_.head().denied().replace(std::move(entries), world_.now());
  pump();
}

void fleet::start_fragment(int i, rt::duration lasts) {
  cluster_.at(name_of(i)).start_fragment(900'001, 900'001, lasts, world_.now());
  pump();
}

std::optional<int> fleet::pending_when_signalled(int i) const {
  for (const auto& e : cluster_.events())
    if (e.what == lab::cluster::event::kind::signalled && e.node == name_of(i)) return e.pending;
  return std::nullopt;
}

std::optional<rt::duration> fleet::signalled_after(int i, rt::time_point from) const {
  for (const auto& e : cluster_.events())
    if (e.what == lab::cluster::event::kind::signalled && e.node == name_of(i) && e.at >= from) return e.at - from;
  return std::nullopt;
}

rt::task<> fleet::serve_coordinator(host& h) {
  auto port = h.net().listen("0.0.0.0:" + std::to_string(coordinator_port));
  while (!port) {  // a sweep made the call fail
    co_await h.clock().sleep_for(100ms);
    port = h.net().listen("0.0.0.0:" + std::to_string(coordinator_port));
  }
  http::server_limits limits;  // a coordinator's are far away
  limits.connections = 10'000;
  limits.body = 8 * 1024 * 1024;
  co_await http::serve(h.clock(), **port, [this](http::request req) { return answer(std::move(req)); }, {}, limits);
}

void fleet::lie_about_the_list(const lab::call& c, const std::string& peer, lab::answer& a) {
  if (c.path() != deny_list_path || a.status != 200) return;
  if (c.method == "POST")
    written_[peer] = std::string(c.body);
  else if (const auto own = written_.find(peer); own != written_.end())
    a.body = own->second;
}

// Every connection between the two pods goes, which is one.
void fleet::reset_connections_of(const std::string& address) {
  for (const auto& h : world_.hosts())
    if (world_.net().ip(h->pod()) == address) return world_.net().reset(coordinator_->pod(), h->pod());
}

rt::task<http::response> fleet::answer(http::request req) {
  const auto authorization = http::find_header(req.headers, "Authorization").value_or("");
  const auto type = http::find_header(req.headers, "Content-Type").value_or("");
  const lab::call call{req.method, req.target, authorization, type, {}, req.body};
  if (call.path() == deny_list_path) list_calls_[req.peer.substr(0, req.peer.rfind(':'))].push_back(world_.now());
  const auto fate = faults_.judge(call, world_.now());
  auto& clock = coordinator_->clock();
  if (fate.before > rt::duration{0}) co_await clock.sleep_for(fate.before);
  auto a = fate.instead;
  const bool applied =
      fate.what == lab::fault::none || fate.what == lab::fault::lost_answer || fate.what == lab::fault::silence;
  if (applied) {
    pump();
    a = cluster_.head().handle(call, world_.now());
    pump();
  }
  if (options_.no_read_back && applied) lie_about_the_list(call, req.peer.substr(0, req.peer.rfind(':')), a);
  if (a.takes + fate.after > rt::duration{0}) co_await clock.sleep_for(a.takes + fate.after);
  if (fate.what == lab::fault::silence) co_await clock.sleep_for(1h);
  if (fate.what == lab::fault::reset || fate.what == lab::fault::lost_answer) {
    reset_connections_of(req.peer.substr(0, req.peer.rfind(':')));
    co_await clock.sleep_for(1s);
  }
  http::response r;
  r.status = a.status;
  if (!a.content_type.empty()) r.headers.emplace_back("Content-Type", a.content_type);
  r.body = std::move(a.body);
  co_return r;
}

bool ends_within(world& w, const container& c, rt::duration limit) {
  return w.run_while_not([&] { return c.exit_code().has_value(); }, limit);
}

bool reaches(world& w, const container& c, core::state s, rt::duration limit) {
  return w.run_while_not([&] { return c.life().now == s; }, limit);
}

bool reaches(world& w, const container& c, core::phase p, rt::duration limit) {
  return w.run_while_not([&] { return c.life().phase == p; }, limit);
}

container::answer asked(world& w, container& c, std::string method, std::string target, std::uint16_t port) {
  const auto answer = c.ask(std::move(method), std::move(target), port);
  REQUIRE(w.run_while_not([&] { return answer->done; }, 60s));
  return *answer;
}

}  // namespace ebb::sim
