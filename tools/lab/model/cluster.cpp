#include "tools/lab/model/cluster.hpp"

#include <algorithm>

namespace ebb::lab {
namespace {

void sooner(std::optional<time_point>& a, std::optional<time_point> b) {
  if (b && (!a || *b < *a)) a = b;
}

}  // namespace

cluster::cluster(coordinator::options o, load::options queries, draw random)
    : coordinator_(std::move(o), std::move(random)),
      planner_(coordinator_.nodes(), coordinator_.denied()),
      load_(std::move(queries)) {}

executor& cluster::add(executor::options o) {
  auto name = o.name;
  return *(executors_[std::move(name)] = std::make_unique<executor>(std::move(o)));
}

void cluster::spawn(std::string_view name, time_point now) {
  advance(now);
  auto& e = at(name);
  if (e.alive()) return;
  e.spawn(now);
  note(event::kind::spawned, e, now);
  settle(e, now);
}

void cluster::stop_signal(std::string_view name, time_point now) {
  advance(now);
  auto& e = at(name);
  if (!e.alive()) return;
  note(event::kind::signalled, e, now);
  e.stop_signal(now);
  settle(e, now);
}

void cluster::kill(std::string_view name, time_point now) {
  advance(now);
  auto& e = at(name);
  if (!e.alive()) return;
  note(event::kind::killed, e, now);
  e.kill(now);
  settle(e, now);
}

void cluster::advance(time_point now) {
  for (auto next = next_event(); next && *next <= now; next = next_event()) step(std::max(*next, reached_));
  reached_ = std::max(reached_, now);
  coordinator_.nodes().expire(now);
}

void cluster::step(time_point now) {
  reached_ = now;
  for (auto next = load_.next_event(); next && *next <= now; next = load_.next_event())
    planner_.submit(load_.take(), now);
  for (const auto& o : planner_.due(now)) carry_out(o, now);
  for (const auto& [name, e] : executors_) settle(*e, now);
}

void cluster::carry_out(const planner::order& o, time_point now) {
  const auto found = executors_.find(o.node);
  if (o.what == planner::order::kind::cancel) {
    if (found != executors_.end()) found->second->cancel_fragment(o.fragment);
  } else if (found == executors_.end() || !found->second->accepts_fragments()) {
    planner_.fragment_failed(o.fragment, now);
  } else {
    found->second->start_fragment(o.fragment, planner_.fragments()[o.fragment].query, o.lasts, now);
  }
}

void cluster::settle(executor& e, time_point now) {
  for (const auto& a : e.advance(now)) {
    switch (a.what) {
      case executor::action::kind::join:
        coordinator_.nodes().join({e.facts().name, e.facts().ip, e.facts().tag, now, std::nullopt});
        note(event::kind::joined, e, now);
        break;
      case executor::action::kind::fragment_done: planner_.fragment_done(a.fragment, now); break;
      case executor::action::kind::leave:
        note(event::kind::left, e, now);
        coordinator_.nodes().leave(e.facts().name);
        planner_.node_gone(e.facts().name, now);
        break;
      case executor::action::kind::exit:
        note(event::kind::exited, e, now, a.wait_status);
        coordinator_.nodes().vanish(e.facts().name, now);
        planner_.node_gone(e.facts().name, now);
        break;
    }
  }
}

void cluster::note(event::kind what, const executor& e, time_point now, int wait_status) {
  if (events_.size() >= record_limit) return;
  events_.push_back({what, now, e.facts().name, e.fragments(), planner_.pending_on(e.facts().name), wait_status});
}

std::optional<time_point> cluster::next_event() const {
  auto next = load_.next_event();
  sooner(next, planner_.next_event());
  for (const auto& [name, e] : executors_) sooner(next, e->next_event());
  return next;
}

}  // namespace ebb::lab
