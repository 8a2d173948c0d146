#include "tools/lab/demo/story.hpp"

#include <algorithm>
#include <map>

namespace ebb::lab {
namespace {

double seconds(duration d) { return std::chrono::duration<double>(d).count(); }

// Of a node whose name others had before it or have after it: only what was in its own time.
struct lifetime {
  std::string node;
  time_point from = time_point::min(), to = time_point::max();

  bool holds(time_point t) const { return from <= t && t <= to; }
};

constexpr duration aftermath = 1s;  // the coordinator hears of an end after it

lifetime life_of(const stop_record& r) {
  lifetime life{r.node};
  if (!r.from) return life;
  life.from = *r.from;
  if (r.gone) life.to = *r.gone + aftermath;
  return life;
}

void tell_entry(node_story& n, const deny_list& list, const lifetime& life, double end, time_point zero) {
  std::optional<double> since;
  for (const auto& c : list.history()) {
    if (c.entry != life.node || (c.added && !life.holds(c.at))) continue;
    const double at = seconds(c.at - zero);
    const bool stopping = n.told && at >= *n.told && (!n.left || at < *n.left);
    if (c.added) {
      since = at;
      if (stopping && n.entries_lost > n.entries_restored) ++n.entries_restored;
      n.ever_denied = n.ever_denied || stopping;
    } else if (since) {
      n.denied.push_back({*since, at});
      since.reset();
      if (stopping) ++n.entries_lost;
    }
  }
  if (since) n.denied.push_back({*since, end});
}

void tell_fragments(node_story& n, const planner& plans, const lifetime& life, double end, time_point zero) {
  std::map<double, int> change;
  for (const auto& f : plans.fragments()) {
    if (f.node != life.node || !f.started || !life.holds(f.from)) continue;
    ++change[seconds(f.from - zero)];
    if (f.until != time_point::max()) --change[std::min(seconds(f.until - zero), end)];
  }
  int running = 0;
  for (const auto& [at, by] : change) {
    if (by == 0) continue;
    n.running.push_back({at, running += by});
  }
  for (const auto& q : plans.queries())
    if (q.end == outcome::lost && q.node == life.node && life.holds(q.ended)) n.lost.push_back(seconds(q.ended - zero));
}

void tell_events(node_story& n, const std::vector<member_event>& events, const lifetime& life, time_point zero) {
  for (const auto& e : events) {
    if (e.node != life.node || !life.holds(e.at)) continue;
    const double at = seconds(e.at - zero);
    if (e.what == member_event::kind::signalled && !n.signal) n.signal = at;
    if (e.what == member_event::kind::left || e.what == member_event::kind::died) n.left = at;
  }
}

}  // namespace

story tell(const witnesses& w, const std::vector<stop_record>& stops, time_point zero, time_point end) {
  story out;
  out.length = seconds(end - zero);
  for (const auto& r : stops) {
    node_story n;
    n.name = r.short_name;
    if (r.told) n.told = seconds(*r.told - zero);
    if (r.gone) n.gone = seconds(*r.gone - zero);
    n.killed = r.killed;
    n.failure = r.failure;
    const auto life = life_of(r);
    tell_events(n, w.events, life, zero);
    tell_entry(n, w.list, life, out.length, zero);
    tell_fragments(n, w.plans, life, out.length, zero);
    out.nodes.push_back(std::move(n));
  }
  out.started = w.plans.queries().size();
  out.finished = w.plans.count(outcome::finished);
  out.lost = w.plans.count(outcome::lost);
  out.refused = w.plans.count(outcome::refused);
  out.running = w.plans.count(outcome::running);
  out.list_writes = w.list.writes();
  return out;
}

times_to_stop stopping_times(const story& s) {
  std::vector<double> all;
  for (const auto& n : s.nodes)
    if (n.told && n.gone) all.push_back(*n.gone - *n.told);
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  const auto middle = all.size() / 2;
  return {all.size() % 2 ? all[middle] : (all[middle - 1] + all[middle]) / 2, all.back()};
}

}  // namespace ebb::lab
