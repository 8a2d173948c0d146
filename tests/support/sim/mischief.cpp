#include "tests/support/sim/mischief.hpp"

#include <memory>

namespace ebb::sim {

namespace {

// The draws are made beforehand, in one order, whatever happens in between.
struct plan {
  world& w;
  random draws;
  std::vector<host*> victims;
  rt::duration from, to;
  mischief m;

  host& victim() { return *victims[draws.below(victims.size())]; }
  rt::time_point sometime() { return w.now() + draws.between(from, to); }

  void plan_cut() {
    const auto when = sometime();
    const std::string a = victim().pod(), b = victim().pod();
    const bool both_ways = draws.chance(0.5);
    const auto lasts = draws.between(0ns, m.longest_cut);
    if (a == b) return;
    w.at(when, [this_world = &w, a, b, both_ways] {
      this_world->net().cut_one_way(a, b);
      if (both_ways) this_world->net().cut_one_way(b, a);
    });
    w.at(when + lasts, [this_world = &w, a, b] { this_world->net().mend(a, b); });
  }
  void plan_crash(const std::shared_ptr<const mischief>& how) {
    const auto when = sometime();
    host* h = &victim();
    const auto absence = draws.between(0ns, m.longest_absence);
    w.at(when, [h, how] {
      if (h->up()) how->crash(*h);
    });
    w.at(when + absence, [h, how] { how->boot(*h); });
  }
  void plan_reset() {
    const auto when = sometime();
    const std::string a = victim().pod(), b = victim().pod();
    w.at(when, [this_world = &w, a, b] { this_world->net().reset(a, b); });
  }
  void plan_jump() {
    const auto when = sometime();
    host* h = &victim();
    const auto by = draws.between(-1h, 1h);
    w.at(when, [h, by] { h->clock().jump(by); });
  }
};

}  // namespace

void unleash(world& w, std::vector<host*> victims, rt::duration from, rt::duration to, mischief m) {
  if (victims.empty()) return;
  const auto how = std::make_shared<const mischief>(m);
  plan p{w, w.fork("mischief"), std::move(victims), from, to, std::move(m)};
  for (host* h : p.victims)
    if (p.m.drift_ppm > 0)
      h->clock().drift(static_cast<int>(p.draws.below(2 * static_cast<std::size_t>(p.m.drift_ppm) + 1)) -
                       p.m.drift_ppm);
  for (int i = 0; i < p.m.cuts; ++i) p.plan_cut();
  for (int i = 0; i < p.m.crashes; ++i) p.plan_crash(how);
  for (int i = 0; i < p.m.resets; ++i) p.plan_reset();
  for (int i = 0; i < p.m.jumps; ++i) p.plan_jump();
}

}  // namespace ebb::sim
