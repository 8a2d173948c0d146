#pragma once
// Random faults over a span of time, drawn from the seed: what a fleet has to live through before it is healed.
#include <functional>
#include <vector>

#include "tests/support/sim/host.hpp"
#include "tests/support/sim/wires.hpp"
#include "tests/support/sim/world.hpp"

namespace ebb::sim {

struct mischief {
  int cuts = 0;     // between two pods, one way or both
  int crashes = 0;  // of a host, which is booted again
  int resets = 0;   // of all connections between two pods
  int jumps = 0;    // of a host's calendar, by up to an hour either way
  int drift_ppm = 0;
  rt::duration longest_cut = 10s;
  rt::duration longest_absence = 5s;
  // How a host crashes and comes back; by default its process ends and is started again.
  std::function<void(host&)> crash = [](host& h) { h.crash(); };
  std::function<void(host&)> boot = [](host& h) {
    if (!h.up()) h.boot();
  };
};

// Cuts are over by `to` + longest_cut, crashed hosts back by `to` + longest_absence.
void unleash(world& w, std::vector<host*> victims, rt::duration from, rt::duration to, mischief m);

}  // namespace ebb::sim
