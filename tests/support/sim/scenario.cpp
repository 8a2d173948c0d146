#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include "tests/support/sim/scenario.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/support/catch.hpp"
#include "tests/support/sim/sweep.hpp"

namespace ebb::sim {

namespace {

std::uint64_t failures = 0;

// Catch2 does not tell a CHECK that failed from one that held, so it is listened to.
#if __has_include(<catch2/catch_all.hpp>)
using listener_base = Catch::EventListenerBase;
#else
using listener_base = Catch::TestEventListenerBase;
#endif

class failure_counter final : public listener_base {
 public:
  using listener_base::listener_base;
  // bool in Catch2 2, void in 3.
  using verdict = decltype(std::declval<listener_base&>().assertionEnded(std::declval<const Catch::AssertionStats&>()));
  verdict assertionEnded(const Catch::AssertionStats& stats) override {
    if (!stats.assertionResult.isOk()) ++failures;
    return verdict(listener_base::assertionEnded(stats));
  }
};

constexpr std::uint64_t seeds_in_a_quick_run = 8;
constexpr std::uint64_t calls_for_each_seed = 5;  // of a sweep

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  if (text == nullptr || *text == '\0') return otherwise;
  const std::string_view digits(text);
  std::uint64_t value = 0;
  const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (ec != std::errc() || end != digits.data() + digits.size() || value == 0)
    throw std::invalid_argument(std::string(variable) + "=" + text + " is not a positive number");
  return value;
}

void print(world& w) {
  std::cerr << "\nThe last lines of seed " << w.seed() << ", which ended at " << format_time(w.elapsed())
            << " (EBB_SIM_SEED=" << w.seed() << " repeats it):\n";
  w.log().print(std::cerr);
}

}  // namespace

CATCH_REGISTER_LISTENER(failure_counter)

std::uint64_t failed_checks() noexcept { return failures; }

std::vector<std::uint64_t> seeds() {
  if (const auto only = number_from("EBB_SIM_SEED", 0); only != 0) return {only};
  std::vector<std::uint64_t> all(number_from("EBB_SIM_SEEDS", seeds_in_a_quick_run));
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i + 1;
  return all;
}

namespace {

void play_in(world& w, const story& tell) {
  INFO("EBB_SIM_SEED=" << w.seed());
  const auto before = failures;
  try {
    tell(w);
  } catch (...) {
    print(w);
    throw;
  }
  if (failures != before) print(w);
}

}  // namespace

std::uint64_t play(std::uint64_t seed, const story& tell) {
  world w(seed);
  play_in(w, tell);
  return w.trace();
}

std::uint64_t sweep(const story& tell, const sweep_options& options) {
  const auto before = failures;
  const auto run = [&](std::uint64_t n) {
    INFO("call " << n << " to a seam fails (0: none does)");
    world w(options.seed);
    w.fail_seam_call(n, options.host);
    play_in(w, tell);
    return w.seam_calls();
  };
  const auto all = run(0);
  // A quick run fails some of them, spread evenly; a run with many seeds fails each.
  const auto budget = calls_for_each_seed * number_from("EBB_SIM_SEEDS", seeds_in_a_quick_run);
  const auto stride = std::max<std::uint64_t>(1, (all + budget - 1) / budget);
  auto calls = all;
  for (std::uint64_t n = 1 + stride / 2; n <= calls && failures == before; n += stride) calls = run(n);
  return all;
}

void scenario(const story& tell) {
  const auto before = failures;
  bool first = true;
  for (const auto seed : seeds()) {
    const auto trace = play(seed, tell);
    if (failures != before) return;
    if (std::exchange(first, false)) {
      INFO("seed " << seed << " is not repeatable: something reads a real clock, an address or a hashed order");
      REQUIRE(play(seed, tell) == trace);
    }
  }
}

}  // namespace ebb::sim
