#pragma once
// One host on virtual time, for the tests of the combinators.
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/errc.hpp>
#include <boost/system/system_error.hpp>
#include <stdexcept>

#include "agent/rt/within.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/scenario.hpp"

namespace ebb::rt {

constexpr auto timed_out = boost::system::errc::timed_out;
constexpr auto aborted = asio::error::operation_aborted;

struct fixture {
  sim::world w{1};
  sim::host& h = w.add_host("h").boot();

  // Runs a coroutine to its end and says how long that took.
  duration run(task<> t, duration limit = 1h) {
    const auto began = w.now();
    auto& j = h.spawn(std::move(t));
    REQUIRE(w.run_while_not([&] { return j.done(); }, limit));
    return w.now() - began;
  }
  deadline in(duration d) { return deadline::after(h.clock(), d); }
};

inline task<result<int>> value_after(clock_source& c, duration d, int v) {
  co_await c.sleep_for(d);
  co_return v;
}

inline bool is_cancelled(std::exception_ptr e) { return e != nullptr && is_abort(e); }

}  // namespace ebb::rt
