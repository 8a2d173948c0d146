#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::state;

TEST_CASE("an idle node that is told to end leaves the list as it was and ends with 0") {
  scenario([](world& w) {
    fleet f(w, {.executors = 1, .coordinator = {}, .load = no_load(), .executor = {}, .settings = {}});
    f.write_list({"somebody"});
    const auto told = w.now();
    f.at(0).signal();
    REQUIRE(w.run_while_not([&] { return f.at(0).exit_code().has_value(); }, 60s));
    CHECK(f.at(0).exit_code() == 0);
    CHECK(f.list() == std::vector<std::string>{"somebody"});
    const auto after = f.signalled_after(0, told);
    REQUIRE(after);
    CHECK(*after >= 10s);
    CHECK(*after <= 12s);
  });
}
