#include "tests/sim/fleet/container.hpp"

#include <sys/wait.h>

#include "agent/core/saved.hpp"
#include "agent/http/client.hpp"
#include "agent/http/server.hpp"
#include "agent/rt/within.hpp"
#include "tests/sim/fleet/fleet.hpp"
#include "tests/sim/fleet/pair_end.hpp"

namespace ebb::sim {

namespace {

// How long a record is on its way between the two processes.
constexpr rt::duration hop = 30us;

class host_log final : public rt::log_sink {
 public:
  explicit host_log(host& h) : host_(h) {}
  bool write(std::string_view line) override {
    while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
    // The journal has virtual time and the host's name itself.
    if (const auto event = line.find("event="); event != std::string_view::npos) line.remove_prefix(event);
    host_.say(line);
    return true;
  }

 private:
  host& host_;
};

class pod_names final : public rt::resolver {
 public:
  explicit pod_names(std::string own) : own_(std::move(own)) {}
  rt::task<rt::result<std::vector<rt::asio::ip::address>>> resolve(std::string) override {
    co_return std::vector{rt::asio::ip::make_address("10.0.0.1")};
  }
  rt::task<rt::result<std::string>> reverse(rt::asio::ip::address) override { co_return own_; }
  std::string host_name() override { return own_; }

 private:
  std::string own_;
};

pair::ending ending_of(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {true, WTERMSIG(wait_status)};
  return {false, WEXITSTATUS(wait_status)};
}

}  // namespace

container::container(fleet& f, std::string name, config::settings s)
    : settings(std::move(s)), fleet_(f), world_(f.home()), name_(std::move(name)) {
  agent_ = &world_.add_host(name_, name_);
  port_ = &world_.add_host(name_ + "-jvm", name_);
  client_ = &world_.add_host(name_ + "-client", name_);
  agent_->runs([this](host& h) { return run_agent(h); });
  port_->runs([this](host& h) { return serve_executor(h); });
  client_->runs([](host& h) -> rt::task<> { co_await h.clock().sleep_until(rt::time_point::max()); });
}

container::~container() = default;

void container::start() {
  exit_code_.reset();
  ended_at_.reset();
  life_ = {};
  clearing_ = false;
  core::supervise_policy policy;
  policy.grace = settings.drain.grace;
  policy.reserve = settings.drain.reserve;
  policy.success_codes = settings.executor.success_codes;
  policy.in_kubernetes = settings.pod.in_kubernetes;
  if (!client_->up()) client_->boot();
  fleet_.cluster().spawn(name_, world_.now());
  supervision_.emplace(policy, executor_pid, world_.now());
  handle(core::time_passed{});
  fleet_.pump();
}

void container::signal(int signo) {
  if (supervision_) handle(core::signal_arrived{signo});
}

void container::kill_agent() {
  if (!agent_->up()) return;
  agent_->crash();
  agent_ended({true, SIGKILL});
}

void container::agent_ended(pair::ending how) {
  pair_ = nullptr;
  silenced_ = false;
  if (const int pid = std::exchange(agent_pid_, 0); pid != 0 && supervision_) handle(core::child_ended{pid, how});
}

void container::handle(const core::supervise_event& e) {
  if (!supervision_) return;
  const auto actions = supervision_->handle(world_.now(), e);
  for (const auto& a : actions) act(a);
  if (supervision_) arm();
}

void container::arm() {
  if (alarm_) world_.cancel(*alarm_);
  const auto due = supervision_->wake_at();
  if (due == rt::time_point::max()) {
    alarm_.reset();
    return;
  }
  alarm_ = world_.schedule(std::max(due, world_.now()), [this] {
    alarm_.reset();
    handle(core::time_passed{});
  });
}

void container::act(const core::supervise_action& a) {
  if (std::holds_alternative<core::spawn_agent>(a)) {
    agent_pid_ = 100 + static_cast<int>(++agents_);
    agent_->boot();
    handle(core::agent_spawned{agent_pid_});
  } else if (const auto* s = std::get_if<core::send_record>(&a)) {
    world_.after(hop, [this, r = s->what, life = agents_] {
      if (pair_ != nullptr && life == agents_) pair_->push(r);
    });
  } else if (std::holds_alternative<core::close_pair>(a)) {
    world_.after(hop, [this] {
      if (pair_ != nullptr) pair_->close();
    });
  } else if (const auto* k = std::get_if<core::signal_agent>(&a)) {
    if (k->signo == SIGKILL) world_.after(hop, [this] { kill_agent(); });
  } else if (const auto* x = std::get_if<core::signal_executor>(&a)) {
    if (x->signo == SIGKILL) fleet_.cluster().kill(name_, world_.now());
    fleet_.pump();
  } else if (const auto* g = std::get_if<core::signal_group>(&a)) {
    if (g->signo == SIGKILL) fleet_.cluster().kill(name_, world_.now());
    if (g->signo == SIGTERM) fleet_.cluster().stop_signal(name_, world_.now());
    fleet_.pump();
  } else if (std::holds_alternative<core::signal_descendants>(a)) {
    world_.after(hop, [this] { handle(core::no_children_left{}); });
  } else if (const auto* l = std::get_if<core::leave>(&a)) {
    exit_code_ = l->code;
    ended_at_ = world_.now();
    take_off();
  }
}

// The container has ended: everything in it is gone, at the next event.
void container::take_off() {
  world_.after(hop, [this] {
    if (alarm_) world_.cancel(*alarm_);
    alarm_.reset();
    supervision_.reset();
    if (agent_->up()) agent_->crash();
    if (port_->up()) port_->crash();
    pair_ = nullptr;
    agent_pid_ = 0;
  });
}

void container::executor_event(int wait_status) { handle(core::child_ended{executor_pid, ending_of(wait_status)}); }

void container::mirror_port(bool listening) {
  if (listening && !port_->up()) port_->boot();
  if (!listening && port_->up()) port_->crash();
}

void container::from_agent(const pair::record& r) {
  if (silenced_) return;
  if (const auto* s = std::get_if<pair::save>(&r))
    if (auto l = core::decode_life(s->blob.bytes())) life_ = std::move(*l);
  world_.after(hop, [this, r, life = agents_] {
    if (life == agents_) handle(core::record_received{r});
  });
}

rt::task<> container::run_agent(host& h) {
  pair_end end(h.executor(), [this](const pair::record& r) { from_agent(r); });
  pair_ = &end;
  host_log sink(h);
  rt::logger log(sink, h.clock());
  pod_names names(name_);
  config::loaded loaded;
  loaded.values = settings;
  app::world w{h.clock(),
               h.net(),
               h.files(),
               h.random(),
               names,
               end,
               log,
               [&loaded] { return loaded; },
               [] { return probes::process_facts{}; },
               {},
               "sim",
               "sim"};
  co_await app::run(w, settings);
  pair_ = nullptr;
  world_.after(hop, [this, life = agents_] {
    if (life != agents_ || !agent_->up()) return;
    agent_->crash();
    agent_ended({false, 0});
  });
}

rt::task<> container::serve_executor(host& h) {
  auto port = h.net().listen("127.0.0.1:9010");
  if (!port) co_return;
  const http::handler answer = [this](http::request req) -> rt::task<http::response> {
    auto accept = http::find_header(req.headers, "Accept").value_or("");
    auto a = fleet_.cluster().at(name_).handle({req.method, req.target, {}, {}, accept, {}});
    if (a.takes > rt::duration{0}) co_await port_->clock().sleep_for(a.takes);
    http::response r;
    r.status = a.status;
    if (!a.content_type.empty()) r.headers.emplace_back("Content-Type", a.content_type);
    r.body = std::move(a.body);
    co_return r;
  };
  co_await http::serve(h.clock(), **port, answer);
}

std::shared_ptr<container::answer> container::ask(std::string method, std::string target, std::uint16_t port) {
  auto into = std::make_shared<answer>();
  http::request req;
  req.method = std::move(method);
  req.target = std::move(target);
  client_->spawn(fetch(*client_, std::move(req), port, into));
  return into;
}

rt::task<> container::fetch(host& h, http::request req, std::uint16_t port, std::shared_ptr<answer> into) {
  http::base_url to;
  to.host = "127.0.0.1";
  to.port = port;
  http::client client(h.net(), to, {});
  auto got = co_await client.exchange(std::move(req), rt::deadline::after(h.clock(), 24h));
  into->done = true;
  into->status = got ? got->status : 0;
  into->body = got ? got->body : got.error().message();
}

}  // namespace ebb::sim
