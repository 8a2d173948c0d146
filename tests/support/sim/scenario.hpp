#pragma once
// Runs a scenario with many seeds inside a Catch2 TEST_CASE:
//
//   TEST_CASE("a claim", "[sim]") {
//     sim::scenario([](sim::world& w) { … });
//   }
//
// The first seed runs twice and both runs must leave the same trace: what is not repeatable is believed in nothing. At
// the first failure the seed and the last lines of the log are printed and no further seed is run.
//   EBB_SIM_SEEDS=n  runs the seeds 1 … n (10 when unset)
//   EBB_SIM_SEED=n   runs this one alone
#include <cstdint>
#include <functional>
#include <vector>

#include "tests/support/sim/host.hpp"
#include "tests/support/sim/wires.hpp"
#include "tests/support/sim/world.hpp"

namespace ebb::sim {

using story = std::function<void(world&)>;

void scenario(const story& tell);

// One run. Prints the log when it fails; returns the trace. An assertion that failed without leaving (CHECK) also
// counts: `failed_checks()` has grown then.
std::uint64_t play(std::uint64_t seed, const story& tell);

std::vector<std::uint64_t> seeds();
std::uint64_t failed_checks() noexcept;  // in this process so far

}  // namespace ebb::sim
