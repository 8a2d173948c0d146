// starting, admitting, serving, paused: the node takes work, or is about to.
#include "agent/drain/life_cycle.hpp"

namespace ebb::drain {

using namespace std::chrono_literals;
using core::phase;
using core::state;

rt::task<> life_cycle::wait_until_live() {
  while (!node_.executor.live.value_or(false) && !interrupted()) co_await node_.changed.wait();
}

// An agent that was restarted while admitting does not know yet whether the executor is still live.
rt::task<> life_cycle::wait_for_first_look() {
  while (!node_.executor.live && !interrupted()) co_await node_.changed.wait();
}

rt::task<> life_cycle::admit() {
  keeper_.set_wish(core::wish::allowed);
  for (;;) {
    const auto& v = keeper_.see();
    if (interrupted()) co_return;
    if (v.admitted_at || v.foreign) break;
    if (v.available == keeper::availability::unavailable || v.available == keeper::availability::off) break;
    co_await node_.changed.wait();
  }
  node_.life.admitted_at = keeper_.see().admitted_at.value_or(node_.clock.now());
}

rt::task<> life_cycle::serve() {
  const bool resumed = node_.life.now == state::serving || node_.life.now == state::paused;
  if (!resumed) {
    if (node_.life.now == state::admitting) co_await wait_for_first_look();
    if (interrupted()) co_return;
    if (!node_.executor.live.value_or(false)) {
      if (node_.life.now != state::starting) enter(state::starting, phase::none, "the executor is not live");
      co_await wait_until_live();
      if (interrupted()) co_return;
    }
    if (node_.life.now != state::admitting) enter(state::admitting, phase::none, "the executor is live");
    co_await admit();
    if (interrupted()) co_return;
    const auto& v = keeper_.see();
    if (!v.foreign)
      enter(state::serving, phase::none,
            v.admitted_at ? "the node is off the deny list, verified" : "there is no deny list: " + v.error);
  }
  while (!interrupted()) {
    const bool foreign = keeper_.see().foreign;
    node_.life.foreign_entry = foreign;
    if (foreign && node_.life.now != state::paused)
      enter(state::paused, phase::none, "somebody else put the node on the deny list; it is respected");
    else if (!foreign && node_.life.now == state::paused)
      enter(state::serving, phase::none, "the foreign entry is gone from the deny list");
    co_await node_.changed.wait();
  }
}

}  // namespace ebb::drain
