#include "tests/sim/fleet/kubelet.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "tests/sim/fleet/api_pods.hpp"
#include "tests/sim/fleet/fleet.hpp"

namespace ebb::sim {

namespace {

constexpr rt::duration soonest = 50ms;
constexpr rt::duration look_at_hook = 50ms;
constexpr rt::duration collected_after = 1s;

}  // namespace

kubelet::kubelet(fleet& f, kubernetes_options o, api_server* shared)
    : fleet_(f),
      world_(f.home()),
      options_(std::move(o)),
      draws_(f.home().fork("kubelet of " + options_.name_space)),
      own_(shared == nullptr ? std::make_unique<api_server>(f.home()) : nullptr),
      api_(shared == nullptr ? *own_ : *shared) {
  skew(options_.skew);
  if (options_.permitted) model().access().allow_what_is_deployed(options_.nodes_permitted);
}

rt::duration kubelet::latency() { return draws_.between(soonest, std::max(soonest + 1ms, options_.notices)); }

void kubelet::later(int i, rt::duration d, std::function<void()> what) {
  world_.after(d, [this, i, round = at(i).round, what = std::move(what)] {
    if (at(i).round == round) what();
  });
}

void kubelet::give_pod(int i, const std::string& pod) {
  if (members_.size() <= static_cast<std::size_t>(i)) members_.resize(static_cast<std::size_t>(i) + 1);
  auto& m = at(i);
  auto& c = fleet_.at(i);
  pod_facts facts;
  facts.name = pod;
  facts.name_space = options_.name_space;
  m.pod = pod;
  facts.node = node_of(i);
  facts.grace = options_.grace.count();
  if (!model().store().find(resource::nodes, "", facts.node)) model().create(resource::nodes, node_object(facts.node));
  m.uid = text_at(model().create(resource::pods, pod_object(facts))->value(), {"metadata", "uid"});
  auto& s = c.settings;
  s.kubernetes.url = api_server::url;
  s.pod.in_kubernetes = true;
  s.pod.name = pod;
  s.pod.name_space = options_.name_space;
  s.pod.uid = m.uid;
  s.pod.node = facts.node;
  c.on_ended = [this, i] { container_ended(i); };
  put_token(i);
}

void kubelet::put_token(int i) {
  auto& m = at(i);
  auto& c = fleet_.at(i);
  m.token = model().access().issue({options_.name_space, m.pod, m.uid, {}});
  for (auto* h : {&c.agent(), &c.client()}) h->files().put(c.settings.kubernetes.token_file, m.token + "\n");
}

void kubelet::rotate_tokens(rt::duration overlap) {
  for (int i = 0; i < static_cast<int>(members_.size()); ++i) {
    const auto old = at(i).token;
    put_token(i);
    world_.after(overlap, [this, old] { model().access().expire(old); });
  }
}

api_state kubelet::object_of(int i) {
  const auto& m = at(i);
  auto found = model().store().find(resource::pods, options_.name_space, m.pod);
  return found && text_at(found->value(), {"metadata", "uid"}) == m.uid ? found : nullptr;
}

std::optional<rt::wall_time> kubelet::deletion_of(int i) {
  const auto o = object_of(i);
  return o ? parse_whole_seconds(text_at(o->value(), {"metadata", "deletionTimestamp"})) : std::nullopt;
}

// --- ends

void kubelet::delete_pod(int i, std::optional<std::int64_t> grace) {
  if (!object_of(i)) return;
  model().delete_pod(options_.name_space, at(i).pod, grace);
  at(i).pod_goes = true;
  const bool forced = grace == 0;
  if (forced) collect();
  if (forced && options_.successors) make_successor(i);
  const auto counted = forced ? least_kill : rt::duration(std::chrono::seconds(grace.value_or(options_.grace.count())));
  if (at(i).ending) return;
  later(i, latency(), [=, this] { end_container(i, counted, !forced); });
}

void kubelet::evict(int i) {
  const auto now = api_.wall_now();
  model().change(resource::pods, options_.name_space, at(i).pod, [&](api_object& o) {
    set_condition(o, "DisruptionTarget", "True", "EvictionByEvictionAPI", "Eviction API: evicting", now);
  });
  world_.after(draws_.between(1ms, 50ms), [this, i] { delete_pod(i); });
}

void kubelet::restart_container(int i) {
  at(i).starts_again = true;
  later(i, latency(), [this, i] { end_container(i, options_.grace, true); });
}

void kubelet::shut_node_down(int i) {
  const auto now = api_.wall_now();
  model().change(resource::nodes, "", node_of(i), [&](api_object& o) {
    set_condition(o, "Ready", "False", "KubeletNotReady", "node is shutting down", now);
  });
  at(i).node_down = true;
  const auto grace = std::min<rt::duration>(shutdown_grace, options_.grace);
  later(i, latency(), [this, i, grace] { end_container(i, grace, true); });
}

void kubelet::lose_pod(int i) {
  model().delete_pod(options_.name_space, at(i).pod, 0);
  collect();
}

void kubelet::end_container(int i, rt::duration grace, bool with_hook) {
  auto& m = at(i);
  if (m.ending || !fleet_.at(i).running()) return;
  ++m.round;
  m.ending = true;
  m.began = world_.now();
  m.told.reset();
  m.killed.reset();
  if (with_hook && options_.before_stop != pre_stop::none) {
    run_hook(i);
    wait_for_hook(i, grace);
  } else {
    m.kill_at = m.began + std::max(grace, least_kill);
    tell_to_end(i);
  }
}

void kubelet::run_hook(int i) {
  auto& c = fleet_.at(i);
  if (options_.before_stop == pre_stop::drain_wait) {
    at(i).held = c.ask("GET", "/drain/wait", 9011);
    return;
  }
  at(i).hook = std::make_unique<command>(c, cli::hook_command{{}, cli::hook_action::add},
                                         cli::resident{1, c.settings.listen.control});
}

// Looked at now and again: until it has ended, or has used the grace up, for which it gets 2 s more.
void kubelet::wait_for_hook(int i, rt::duration grace) {
  auto& m = at(i);
  const auto used = world_.now() - m.began;
  const bool over = m.held ? m.held->done : m.hook->ended();
  if (!over && used < grace) return later(i, look_at_hook, [this, i, grace] { wait_for_hook(i, grace); });
  const auto left = grace - std::chrono::floor<std::chrono::seconds>(used);
  m.kill_at = world_.now() + std::max<rt::duration>(left, least_kill);
  tell_to_end(i);
}

void kubelet::tell_to_end(int i) {
  auto& m = at(i);
  m.told = world_.now();
  fleet_.at(i).signal();
  later(i, m.kill_at - world_.now(), [this, i] {
    at(i).killed = world_.now();
    fleet_.at(i).kill();
  });
}

void kubelet::container_ended(int i) {
  auto& m = at(i);
  ++m.round;
  m.ending = false;
  m.hook.reset();
  if (std::exchange(m.starts_again, false) && !m.pod_goes) return later(i, 1s, [this, i] { fleet_.at(i).start(); });
  if (!m.pod_goes) return report_failure(i);
  later(i, latency(), [this, i] {
    if (object_of(i)) {
      model().delete_pod(options_.name_space, at(i).pod, 0);
      collect();
    }
    if (options_.successors) make_successor(i);
  });
}

// What a kubelet says of a pod that a node's shutdown has ended, only then.
void kubelet::report_failure(int i) {
  if (!at(i).node_down) return;
  const auto now = api_.wall_now();
  model().change(resource::pods, options_.name_space, at(i).pod, [&](api_object& o) {
    auto& status = object_at(o, "status");
    status["phase"] = "Failed";
    status["reason"] = "Terminated";
    set_condition(o, "DisruptionTarget", "True", "TerminationByKubelet", "node shutdown", now);
  });
}

// The StatefulSet's controller: as soon as the name is free. Where the old container still runs, the new one would be
// on another node; here it waits for it.
void kubelet::make_successor(int i) {
  if (object_of(i) || fleet_.at(i).running()) return;
  later(i, latency(), [this, i] {
    if (model().store().find(resource::pods, options_.name_space, at(i).pod)) return;
    at(i).pod_goes = false;
    ++at(i).round;  // what was still to come was meant for the pod before
    give_pod(i, at(i).pod);
    fleet_.at(i).start();
  });
}

void kubelet::collect() {
  world_.after(draws_.between(collected_after / 5, collected_after), [this] { model().collect_garbage(); });
}

// --- changes

void kubelet::annotate(int i, std::string key, std::optional<std::string> value) {
  model().change(resource::pods, options_.name_space, at(i).pod, [&](api_object& o) {
    auto& all = object_at(object_at(o, "metadata"), "annotations");
    if (value)
      all[key] = *value;
    else
      all.erase(key);
  });
}

void kubelet::cordon(int i, bool on) {
  model().change(resource::nodes, "", node_of(i), [&](api_object& o) {
    auto& spec = object_at(o, "spec");
    if (on)
      spec["unschedulable"] = true;
    else
      spec.erase("unschedulable");
  });
  taint(i, "node.kubernetes.io/unschedulable", on);
}

void kubelet::taint(int i, std::string key, bool on) {
  model().change(resource::nodes, "", node_of(i), [&](api_object& o) {
    auto& taints = object_at(o, "spec")["taints"];
    if (!taints.is_array()) taints.emplace_array();
    auto& list = taints.get_array();
    const auto at = index_of(list, "key", key);
    if (at < list.size()) list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
    if (on) list.push_back(api_object{{"key", key}, {"effect", "NoSchedule"}});
  });
}

std::size_t kubelet::requests_of(const std::string& pod, rt::time_point since, const std::string& resource) {
  const auto& all = model().access().records();
  return static_cast<std::size_t>(std::ranges::count_if(all, [&](const api_record& r) {
    return r.agent == pod && r.at >= since && r.verb != "watch" && (resource.empty() || r.resource == resource);
  }));
}

}  // namespace ebb::sim
