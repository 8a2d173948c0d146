#pragma once
// Repeats a scenario with the n-th call to a seam failing, n = 1, 2, … until the scenario makes no n-th call. It must
// end in an allowed state each time.
#include <cstdint>
#include <string>

#include "tests/support/sim/scenario.hpp"

namespace ebb::sim {

struct sweep_options {
  std::uint64_t seed = 1;
  std::string host;          // whose calls fail; empty: anybody's
  std::uint64_t stride = 1;  // only each so many-th call, where there are thousands
};

// Returns how many calls there were, so that a test can see that it swept something.
std::uint64_t sweep(const story& tell, const sweep_options& options = {});

}  // namespace ebb::sim
