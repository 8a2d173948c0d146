#include "tests/sim/fleet/container.hpp"

#include <sys/wait.h>

#include "agent/core/saved.hpp"
#include "agent/http/client.hpp"
#include "agent/http/server.hpp"
#include "tests/sim/fleet/fleet.hpp"

namespace ebb::sim {

namespace {

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
  port_->runs([this](host& h) { return serve_executor(h); });
  client_->runs([](host& h) -> rt::task<> { co_await h.clock().sleep_until(rt::time_point::max()); });
}

container::~container() = default;

void container::start() {
  life_ = {};
  started_ = true;
  if (!client_->up()) client_->boot();
  if (!fleet_.has_agents()) {
    fleet_.cluster().spawn(name_, world_.now());
    return fleet_.pump();
  }
  core::supervise_policy policy;
  policy.grace = settings.drain.grace;
  policy.reserve = settings.drain.reserve;
  policy.success_codes = settings.executor.success_codes;
  policy.in_kubernetes = settings.pod.in_kubernetes;
  executor_script script;
  script.hears = [this](int signo) { hear(signo); };
  init_.reset();  // the old one takes its program off the host
  init_ = std::make_unique<sim::init>(
      *agent_, policy, [this](host& h, rt::supervisor& pair) { return run_agent(h, pair); }, std::move(script));
  init_->on_record = [this](const pair::record& r) {
    const auto* s = std::get_if<pair::save>(&r);
    if (s == nullptr) return;
    if (auto l = core::decode_life(s->blob.bytes())) life_ = std::move(*l);
  };
  init_->on_left = [this] {
    port_->crash();
    if (on_ended) on_ended();
  };
  fleet_.cluster().spawn(name_, world_.now());
  init_->start();
  fleet_.pump();
}

void container::signal(int signo) {
  if (!fleet_.has_agents()) return hear(signo);
  if (running()) init_->signal(signo);
}

void container::kill() {
  if (!running()) return;
  hear(SIGKILL);
  init_->kill();
}

void container::hear(int signo) {
  if (signo == SIGKILL) fleet_.cluster().kill(name_, world_.now());
  if (signo == SIGTERM) fleet_.cluster().stop_signal(name_, world_.now());
  fleet_.pump();
}

void container::executor_event(int wait_status) {
  if (init_) init_->executor_ends(ending_of(wait_status));
}

void container::mirror_port(bool listening) {
  if (listening && !port_->up()) port_->boot();
  if (!listening && port_->up()) port_->crash();
}

rt::task<> container::run_agent(host& h, rt::supervisor& pair) {
  config::loaded loaded;
  loaded.values = settings;
  app::world w{h.clock(),
               h.net(),
               h.files(),
               h.random(),
               h.names(),
               pair,
               h.log(),
               [&loaded] { return loaded; },
               [] { return probes::process_facts{}; },
               {},
               "sim",
               "sim"};
  co_await app::run(w, settings);
}

rt::task<> container::serve_executor(host& h) {
  auto port = h.net().listen("127.0.0.1:9010");
  while (!port) {  // a sweep made the call fail
    co_await h.clock().sleep_for(100ms);
    port = h.net().listen("127.0.0.1:9010");
  }
  co_await http::serve(h.clock(), **port, [this](http::request req) { return answer_as_executor(std::move(req)); });
}

rt::task<http::response> container::answer_as_executor(http::request req) {
  auto accept = http::find_header(req.headers, "Accept").value_or("");
  auto& model = fleet_.cluster().at(name_);
  auto a = model.handle({req.method, req.target, {}, {}, accept, {}});
  if (fleet_.unknown_is_zero() && req.target == "/metrics" &&
      a.body.find("\nexec_fragments_active") == std::string::npos)
    a.body = "exec_fragments_active 0.0\n";
  if (a.takes > rt::duration{0}) co_await port_->clock().sleep_for(a.takes);
  http::response r;
  r.status = a.status;
  if (!a.content_type.empty()) r.headers.emplace_back("Content-Type", a.content_type);
  r.body = std::move(a.body);
  co_return r;
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
