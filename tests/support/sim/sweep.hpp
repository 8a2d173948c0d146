#pragma once
// Repeats a scenario with the n-th call to a seam failing, n = 1, 2, … until the scenario makes no n-th call. It must
// end in an allowed state each time. Before that it runs once with nothing failing. Of a scenario with many calls a run
// with few seeds (EBB_SIM_SEEDS) fails a sample: five for each seed.
#include <cstdint>
#include <string>

#include "tests/support/sim/scenario.hpp"

namespace ebb::sim {

struct sweep_options {
  std::uint64_t seed = 1;
  std::string host;  // whose calls fail; empty: anybody's
};

// Returns how many calls there were when none failed, so that a test can see that it swept something.
std::uint64_t sweep(const story& tell, const sweep_options& options = {});

}  // namespace ebb::sim
