#include "tools/lab/demo/stage.hpp"

#include <algorithm>
#include <csignal>

#include "agent/rt/within.hpp"
#include "tools/lab/door.hpp"

namespace ebb::lab {
namespace {

constexpr duration join_patience = 20s;
constexpr duration settle_in = 1500ms;  // after all have joined, before the load begins
constexpr duration look = 250ms;
constexpr duration aftermath = 50ms;     // until the coordinator has counted what went with an executor
constexpr duration last_queries = 15s;   // for those that run when the load is over
constexpr duration least_for_stop = 2s;  // what a kubelet gives after a hook that took all of the grace
constexpr const char* names[] = {"bare", "hook", "ebb"};
constexpr const char* titles[] = {"Bare: SIGTERM to the executor", "With the shell hook", "With Ebb"};

std::uint16_t free_port(rt::asio::io_context& io) {
  auto d = door::open(io, "127.0.0.1:0");
  return d ? (*d)->port() : std::uint16_t{0};
}

std::string at_loopback(std::uint16_t p) { return "127.0.0.1:" + std::to_string(p); }

std::string seconds_text(duration d) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(d).count()) + "ms";
}

}  // namespace

stage::stage(machine& m, children& kids, progress& shown, const demo_settings& s, protection how)
    : machine_(m),
      children_(kids),
      progress_(shown),
      settings_(s),
      how_(how),
      site_(m.io, m.clock, site_options()),
      prometheus_(m.clock, m.net) {
  for (int i = 0; i < settings_.executors; ++i) {
    pod p;
    p.ordinal = i;
    p.record.short_name = "executor-" + std::to_string(i);
    p.record.node = "dremio-" + p.record.short_name + ".dremio-cluster-pod.demo.svc.cluster.local";
    p.admin = free_port(m.io), p.probes = free_port(m.io), p.control = free_port(m.io);
    pods_.push_back(std::move(p));
  }
}

std::string stage::title() const { return titles[static_cast<int>(how_)]; }

site::options stage::site_options() const {
  site::options o;
  o.seed = settings_.seed;
  o.dremio.list.propagation = settings_.propagation;
  o.dremio.wall_at_zero = machine_.clock.wall_now() -
                          std::chrono::floor<std::chrono::milliseconds>(machine_.clock.now().time_since_epoch());
  return o;
}

rt::task<story> stage::play() {
  const auto opened = site_.open();
  if (!opened) {
    failure_ = "no port for the coordinator: " + opened.error().message();
    co_return story{};
  }
  ports_ = *opened;
  fault_rule slow;
  slow.before = slow.after = {settings_.latency / 2, settings_.latency / 2};
  site_.trouble().add(slow);
  rt::nursery all(machine_.io.get_executor());
  all.spawn(site_.run());
  all.spawn(act(all));
  co_await all.join();
  co_return told_;
}

rt::task<> stage::act(rt::nursery& around) {
  const bool started = start_pods();
  const bool joined = started && co_await all_joined();
  if (joined) {
    co_await machine_.clock.sleep_for(settle_in);
    co_await load_and_stops();
  }
  std::vector<stop_record> records;
  for (const auto& p : pods_) records.push_back(p.record);
  told_ = tell({site_.plans(), site_.head().denied(), site_.events()}, records, zero_, machine_.clock.now());
  told_.key = names[static_cast<int>(how_)];
  told_.title = title();
  progress_.clear();
  children_.kill_all();
  around.cancel();
}

rt::task<> stage::load_and_stops() {
  zero_ = machine_.clock.now();
  load::options q;
  q.per_second = settings_.per_second, q.lasts = settings_.lasts, q.plan_delay = settings_.plan_delay;
  q.seed = settings_.seed, q.from = zero_, q.until = zero_ + settings_.length;
  site_.start_load(q);
  rt::nursery watching(machine_.io.get_executor());
  watching.spawn(show());
  if (how_ == protection::hook)
    for (const auto& p : pods_) {
      const auto phase = settings_.scrape * p.ordinal / settings_.executors;
      watching.spawn(prometheus_.scrape(p.record.node, p.admin, phase, settings_.scrape));
    }
  watching.spawn(until_all_is_quiet(watching));
  co_await watching.join();
}

rt::task<> stage::until_all_is_quiet(rt::nursery& watching) {
  rt::nursery scene(machine_.io.get_executor());
  for (const auto& [ordinal, at] : stops()) scene.spawn(stop_pod(pods_[static_cast<std::size_t>(ordinal)], zero_ + at));
  scene.spawn(machine_.clock.sleep_until(zero_ + settings_.length));
  co_await scene.join();
  const auto patience = rt::deadline::after(machine_.clock, last_queries);
  while (site_.plans().count(outcome::running) > 0 && !patience.passed()) co_await machine_.clock.sleep_for(look);
  watching.cancel();
}

std::vector<std::pair<int, duration>> stage::stops() const {
  std::vector<std::pair<int, duration>> out;
  int ordinal = settings_.executors - 1;
  for (auto at : settings_.one_by_one) out.emplace_back(ordinal--, at);
  seeded chance(settings_.seed);
  for (int i = 0; i < settings_.together; ++i)
    out.emplace_back(ordinal--, settings_.at_once + settings_.spread.at(chance()));
  return out;
}

bool stage::start_pods() {
  return std::all_of(pods_.begin(), pods_.end(), [this](pod& p) { return start_pod(p); });
}

bool stage::start_pod(pod& p) {
  children::command c;
  c.arguments = {settings_.lab,   "executor",
                 "--name",        p.record.node,
                 "--coordinator", at_loopback(ports_.second),
                 "--admin",       at_loopback(p.admin),
                 "--dremio",      settings_.dremio,
                 "--startup",     "1s",
                 "--session",     "3s"};
  c.log = settings_.out / "logs" / (std::string(names[static_cast<int>(how_)]) + "-" + p.record.short_name + ".log");
  c.environment = settings_.environment;
  if (how_ == protection::ebb) {
    c.arguments.insert(c.arguments.begin(), {settings_.ebb, "run", "--"});
    const std::initializer_list<std::string> add = {"EBB_CONFIG=" + (settings_.out / "ebb.toml").string(),
                                                    "EBB_DREMIO_URL=http://" + at_loopback(ports_.first),
                                                    "EBB_DREMIO_USER=admin",
                                                    "EBB_DREMIO_PASSWORD=secret1!",
                                                    "EBB_DREMIO_NODE_NAME=" + p.record.node,
                                                    "EBB_EXECUTOR_ADMIN_URL=http://" + at_loopback(p.admin),
                                                    "EBB_DRAIN_GRACE=" + seconds_text(settings_.grace),
                                                    "EBB_KUBERNETES_MODE=off",
                                                    "EBB_LISTEN_PROBES=" + at_loopback(p.probes),
                                                    "EBB_LISTEN_CONTROL=" + at_loopback(p.control)};
    c.environment.insert(c.environment.end(), add);
  }
  const auto started = children_.start(c);
  if (!started) {
    failure_ = c.arguments.front() + ": " + started.error().message();
    return false;
  }
  p.process = *started;
  return true;
}

rt::task<bool> stage::all_joined() {
  const auto by = rt::deadline::after(machine_.clock, join_patience);
  for (;;) {
    if (site_.head().nodes().all().size() == pods_.size()) co_return true;
    for (const auto& p : pods_)
      if (p.process->wait_status)
        failure_ = p.record.short_name + " ended at once; its log is in " + (settings_.out / "logs").string();
    if (!failure_.empty()) co_return false;
    if (by.passed()) {
      failure_ = "not all executors have joined within 20 s; logs are in " + (settings_.out / "logs").string();
      co_return false;
    }
    co_await machine_.clock.sleep_for(look);
  }
}

// As a kubelet does it: the hook, SIGTERM, SIGKILL when the grace is over.
rt::task<> stage::stop_pod(pod& p, time_point at) {
  co_await machine_.clock.sleep_until(at);
  p.record.told = machine_.clock.now();
  auto kill_at = *p.record.told + settings_.grace;
  if (how_ == protection::hook) {
    p.record.failure = co_await before_stop(p, kill_at);
    kill_at = std::max(kill_at, machine_.clock.now() + least_for_stop);
  }
  children_.signal(*p.process, SIGTERM);
  const bool in_time = co_await children_.ended(*p.process, rt::deadline(machine_.clock, kill_at));
  if (!in_time) {
    p.record.killed = true;
    children_.kill_tree(*p.process);
    (void)co_await children_.ended(*p.process, rt::deadline::after(machine_.clock, least_for_stop));
  }
  p.record.gone = machine_.clock.now();
  co_await machine_.clock.sleep_for(aftermath);
  tell_end(p);
}

namespace {

rt::task<rt::result<std::string>> as_result(rt::task<std::string> t) { co_return co_await std::move(t); }

}  // namespace

rt::task<std::string> stage::before_stop(pod& p, time_point kill_at) {
  hook_settings h;
  h.coordinator = ports_.first;
  h.user = "admin";
  h.password = "secret1!";
  auto hook = as_result(run_hook(machine_.clock, machine_.net, prometheus_, h, p.record.node));
  auto ended = co_await rt::within(rt::deadline(machine_.clock, kill_at), std::move(hook));
  co_return ended ? *ended : "still waiting when the grace was over";
}

}  // namespace ebb::lab
