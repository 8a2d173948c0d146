#include "agent/app/agent.hpp"

#include <algorithm>

#include "agent/app/parts.hpp"
#include "agent/pod/node_name.hpp"
#include "agent/rt/nursery.hpp"
#include "agent/rt/within.hpp"
#include "config/secret.hpp"

namespace ebb::app {

using namespace std::chrono_literals;

namespace {

constexpr rt::duration bind_again = 5s;
constexpr rt::duration told_again = 60s;  // that connections cannot be accepted
constexpr rt::duration name_again = 5s;
constexpr rt::duration look_at_files = 10s;

// Init closes the pair when there is nothing more to do, and dies with it closed: either ends the agent.
rt::task<> end_with_pair(parts& p, rt::nursery& duties) {
  co_await p.link.listen();
  duties.cancel();
}

}  // namespace

rt::task<> serve_port(parts& p, std::string address, std::string which, http::handler handle) {
  bool told = false;
  for (;;) {
    auto port = p.w.network.listen(address);
    if (port) {
      if (told) p.w.log.info("listen", {{"port", which}, {"address", address}});
      auto quiet_until = rt::time_point::min();
      co_await http::serve(p.w.clock, **port, handle, [&](boost::system::error_code why) {
        if (p.w.clock.now() < quiet_until) return;
        quiet_until = p.w.clock.now() + told_again;
        p.w.log.error("accept", {{"port", which}, {"error", why.message()}, {"reason", "tried again each 100 ms"}});
      });
      co_return;
    }
    if (!std::exchange(told, true))
      p.w.log.error("listen", {{"port", which},
                               {"address", address},
                               {"error", port.error().message()},
                               {"reason", "tried again each 5 s"}});
    co_await p.w.clock.sleep_for(bind_again);
  }
}

namespace {

// The name of the row whose address is ours, when the executor registered by address. A row from before our executor
// was spawned is a predecessor's.
rt::task<std::string> name_by_address(parts& p, std::string address) {
  while (!p.node.executor.was_live) co_await p.node.changed.wait();
  auto rows = co_await p.dremio.nodes(rt::deadline::after(p.w.clock, 16s));
  if (!rows) co_return address;
  const auto spawned = p.w.clock.wall_now() - std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  p.w.clock.now() - p.node.executor.spawned_at);
  for (const auto& r : *rows)
    if (r.is_executor && (r.ip == address || r.name == address) && (!r.start || *r.start >= spawned)) co_return r.name;
  co_return address;
}

rt::task<std::string> find_name_once(parts& p) {
  const auto& configured = p.node.settings.dremio.node_name;
  if (configured != "auto" && !configured.empty()) {
    p.node.name_source = "configured";
    co_return configured;
  }
  if (!p.w.pinned_name.empty()) {
    p.node.name_source = "pinned";
    co_return p.w.pinned_name;
  }
  p.node.name_source = "computed";
  auto computed = co_await rt::within(rt::deadline::after(p.w.clock, 20s), pod::computed_name(p.w.names));
  if (!computed) {
    p.node.name_error = "the node's name cannot be computed: " + computed.error().message() + "; set dremio.node_name";
    co_return std::string();
  }
  if (pod::is_address(*computed) && p.dremio_server.configured()) co_return co_await name_by_address(p, *computed);
  co_return *computed;
}

}  // namespace

rt::task<> find_name(parts& p) {
  for (;;) {
    auto name = co_await find_name_once(p);
    if (!name.empty()) {
      p.node.name = name;
      p.node.name_error.clear();
      p.w.log.info("node.name", {{"name", name}, {"source", p.node.name_source}});
      p.keeper.set_entry(std::move(name));
      p.node.changed.notify();
      co_return;
    }
    p.w.log.warning("node.name", {{"error", p.node.name_error}});
    co_await p.w.clock.sleep_for(name_again);
  }
}

// Secrets and CA files are read on every use; what has to happen on a change is that a connection and a login made with
// the old ones are given up.
rt::task<> watch_files(parts& p) {
  std::vector<std::pair<std::string, std::uint64_t>> seen;
  const auto versions = [&p] {
    std::vector<std::pair<std::string, std::uint64_t>> now;
    for (const auto& path : config::watched_files(p.node.settings)) {
      const auto version = p.w.files.version(path);
      now.emplace_back(path, version ? *version : 0);
    }
    return now;
  };
  seen = versions();
  for (;;) {
    co_await p.w.clock.sleep_for(look_at_files);
    auto now = versions();
    if (now == seen) continue;
    seen = std::move(now);
    p.w.log.info("secrets.changed", {});
    p.dremio.configure(p.node.settings.dremio);
  }
}

rt::task<bool> run(world& w, config::settings settings, std::string broken) {
  auto ex = co_await rt::asio::this_coro::executor;
  parts p(w, std::move(settings), ex);
  if (!co_await p.link.greet()) co_return false;
  p.resume();
  w.log.info("start", {{"version", w.version},
                       {"agent", std::to_string(p.node.life.restarts)},
                       {"state", core::sentence(p.node.life)}});
  if (!broken.empty()) p.not_taken(std::move(broken));

  rt::nursery duties(ex);
  duties.spawn(p.link.say_alive());
  duties.spawn(p.keeper.run());
  duties.spawn(p.watch.run());
  duties.spawn(p.dremio.stay_logged_in());
  duties.spawn(find_name(p));
  duties.spawn(watch_files(p));
  duties.spawn(p.pod_watch.run());
  duties.spawn(p.pod_watch.look_when_asked());
  duties.spawn(p.node_watch.run());
  duties.spawn(p.events.run());
  duties.spawn(p.life_cycle.run());
  const http::handler probes = [&p](http::request r) { return p.routes.probes(std::move(r)); };
  const http::handler control = [&p](http::request r) { return p.routes.control_port(std::move(r)); };
  duties.spawn(serve_port(p, p.node.settings.listen.probes, "probes", probes));
  duties.spawn(serve_port(p, p.node.settings.listen.control, "control", control));
  duties.spawn(end_with_pair(p, duties));
  co_await duties.join();
  co_return true;
}

}  // namespace ebb::app
