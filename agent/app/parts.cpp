#include "agent/app/parts.hpp"

#include "agent/rt/within.hpp"
#include "agent/upstream/secret_reader.hpp"
#include "config/reload.hpp"
#include "config/secret.hpp"

namespace ebb::app {

using namespace std::chrono_literals;

namespace {

core::log_level level_of(config::log_level l) { return static_cast<core::log_level>(l); }
core::log_format format_of(config::log_format f) {
  return f == config::log_format::json ? core::log_format::json : core::log_format::logfmt;
}

keeper::keeper_rules rules_of(const config::settings& s) {
  keeper::keeper_rules rules;
  rules.call = std::min<rt::duration>(s.dremio.timeout, 5s);
  rules.reclaim = s.dremio.reclaim;
  return rules;
}

}  // namespace

parts::parts(world& world_, config::settings settings, rt::asio::any_io_executor ex)
    : w(world_),
      node(w.clock, ex, std::move(settings)),
      journal(node, w.log, w.init, [this](drain::pod_event e) { events.add(std::move(e)); }),
      dremio_server(w.network, w.clock, w.random),
      executor_server(w.network, w.clock, w.random),
      prometheus_host(w.network, w.clock, w.random),
      kubernetes_host(w.network, w.clock, w.random),
      dremio(dremio_server, w.files, w.random),
      executor(executor_server),
      prometheus(prometheus_host, w.files),
      kubernetes(kubernetes_host, w.files),
      events(node, kubernetes, ex),
      pod_watch(node, journal, kubernetes, w.random),
      node_watch(node, journal, kubernetes, w.random),
      fleet(kubernetes, w.random, [this] { return member(); }),
      keeper(w.clock, w.random, dremio, &fleet, rules_of(node.settings), ex,
             [this](keeper::incident i, const keeper::view& v) { journal.list(i, v); }),
      watch(node, journal, executor, prometheus),
      link(node, journal, w.init, [this] { reload(); }),
      life_cycle(node, keeper, journal, w.init,
                 {[this] { return watch.still_there(); }, [this](rt::deadline dl) { return last_word(dl); },
                  [this](rt::deadline dl) { return dremio.log_out(dl); }}),
      shown{node,
            keeper,
            {{"dremio", [this] { return dremio_server.stats(); }},
             {"prometheus", [this] { return prometheus_host.stats(); }},
             {"kubernetes", [this] { return kubernetes_host.stats(); }},
             {"executor", [this] { return executor_server.stats(); }}},
            w.version,
            w.commit,
            [this] { return w.log.dropped(); },
            [this] { return events.dropped(); }},
      control(node, journal, shown,
              {[this] { return ask_last_node(rt::deadline::never(w.clock)); },
               [this]() -> std::optional<std::string> {
                 const auto& path = node.settings.listen.token_file;
                 if (path.empty()) return std::nullopt;
                 auto token = config::read_secret_file(path, "listen.token_file", upstream::reader_of(w.files));
                 return token.ok() ? std::optional(std::move(token.value)) : std::nullopt;
               }}),
      routes(node, shown, control, {w.process, [this] { return pod_watch.look(); }}) {
  configure();
}

void parts::configure() {
  const auto& s = node.settings;
  w.log.set(level_of(s.log.level), format_of(s.log.format));
  dremio_server.configure(s.dremio.url, {false, s.dremio.tls_verify, s.dremio.ca_file}, s.retry);
  executor_server.configure(s.executor.admin_url, {}, s.retry);
  prometheus_host.configure(s.prometheus.url, {false, true, s.prometheus.ca_file}, s.retry);
  dremio.configure(s.dremio);
  executor.configure(s.executor);
  prometheus.configure(s);
  kubernetes.configure(s);
  keeper.set_rules(rules_of(s));
  keeper.set_off(!dremio_server.configured());
}

void parts::resume() {
  const auto& life = node.life;
  node.pod.name = node.settings.pod.name.empty() ? w.names.host_name() : node.settings.pod.name;
  node.pod.uid = node.settings.pod.uid;
  node.sidecar = w.sidecar;
  auto wish = core::wish::leave_alone;
  if (life.now == core::state::serving || life.now == core::state::paused) wish = core::wish::allowed;
  if (life.draining() || life.ending()) wish = core::wish::denied;
  if (life.causes.has(core::cause::disappeared)) wish = core::wish::leave_alone;
  keeper.resume(wish, life.verified_since, life.admitted_at, life.foreign_entry, life.list_read, life.lost_updates,
                life.writes);
  if (life.list_read) dremio.set_list_read();
}

void parts::reload() {
  auto again = w.load_configuration();
  auto change = config::compare(node.settings, again);
  if (change.broken) return not_taken(std::move(change.sentence));
  node.reload_error.clear();
  node.settings = std::move(change.next);
  configure();
  w.log.info("config.reload", {{"reason", change.sentence}});
  node.changed.notify();
}

void parts::not_taken(std::string sentence) {
  w.log.error("config.reload", {{"reason", sentence}});
  node.reload_error = std::move(sentence);
  node.changed.notify();
}

std::optional<core::fleet_member> parts::member() const {
  const auto& pod = node.pod;
  const auto& told = node.settings.kubernetes;
  const auto cluster = dremio.cluster_id();
  // The fleet's name is that of what made the pod, which the first look at it tells.
  const bool fleet_known = !told.fleet.empty() || pod.answered || !pod.error.empty();
  if (!pod.configured || pod.uid.empty() || !fleet_known || !cluster) return std::nullopt;
  const auto& fleet_name = !told.fleet.empty() ? told.fleet : !pod.fleet.empty() ? pod.fleet : kubernetes.name_space();
  return core::fleet_member{pod.name, kubernetes.name_space(), pod.uid, core::label_value(fleet_name),
                            core::cluster_value(*cluster, told.cluster, dremio_server.url().text())};
}

rt::task<> parts::last_word(rt::deadline dl) {
  constexpr auto termination_message = "/dev/termination-log";  // the pod's default terminationMessagePath
  if (node.settings.pod.in_kubernetes && !node.outcome.empty())
    (void)w.files.overwrite(termination_message, node.outcome + "\n");
  co_await events.flush(dl);
}

namespace {

// `error`: why it is not known, with a verdict of that kind.
rt::task<rt::result<core::last_node>> look_at_engine(parts& p, std::string& error, rt::deadline dl) {
  auto rows = co_await p.dremio.nodes(dl);
  if (!rows) co_return rows.error();
  auto list = co_await p.dremio.read(dl);
  error = list.error;
  if (list.outcome != core::list_outcome::ok) co_return core::last_node::unknown;
  error = "Dremio does not list " + p.node.name + " among its executors";
  co_return core::judge_last_node(*rows, list.list, p.node.name);
}

}  // namespace

rt::task<core::last_node> parts::ask_last_node(rt::deadline limit) {
  constexpr rt::duration patience = 16s;  // the call asks every executor and waits up to 15 s for a dead one
  if (!dremio_server.configured() || node.name.empty()) co_return core::last_node::unknown;
  // A login has a limit of its own, which may be longer.
  const auto dl = limit.sooner(patience);
  std::string error;
  const auto verdict = co_await rt::within(dl, look_at_engine(*this, error, dl));
  if (verdict && *verdict != core::last_node::unknown) co_return *verdict;
  w.log.warning("drain.last_node", {{"reason", "whether this is the last node of its engine is not known; going on"},
                                    {"error", verdict ? error : verdict.error().message()}});
  co_return core::last_node::unknown;
}

}  // namespace ebb::app
