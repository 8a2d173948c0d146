#include "agent/probes/metrics_page.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/loop.hpp"

namespace ebb::probes {
namespace {

using namespace std::chrono_literals;
using core::list_outcome;

// A coordinator that answers every call with what the test sets.
struct coordinator final : keeper::list_port {
  rt::task<keeper::list_call> read(rt::deadline) override { co_return keeper::list_call{reading, {}, "", {}}; }
  rt::task<keeper::list_call> write(core::deny_list, rt::deadline) override {
    co_return keeper::list_call{writing, {}, "", {}};
  }
  rt::duration pause_before_retry(std::optional<rt::duration>) override { return 1s; }
  list_outcome reading = list_outcome::ok, writing = list_outcome::ok;
};

struct no_chance final : rt::random_source {
  std::uint64_t next() override { return 0; }
};

struct scene {
  scene() : n(loop.clock, loop.io.get_executor(), config::settings{}) {
    k.set_entry("n");
    loop.spawn(k.run());
  }

  // The value as it is written; nothing: the page has no such series.
  std::optional<std::string> value(const std::string& name) const {
    const sources s{n, k, {}, "", "", [] { return 0; }, [] { return 0; }};
    const auto page = metrics_page(s, {});
    const auto at = page.find("\n" + name + " ");
    if (at == std::string::npos) return std::nullopt;
    const auto from = at + name.size() + 2;
    return page.substr(from, page.find('\n', from) - from);
  }
  // After a look that is answered like this.
  std::optional<std::string> available(list_outcome reading) {
    port.reading = reading;
    loop.advance(2min);
    return value("ebb_deny_list_available");
  }

  test::loop loop;
  no_chance random;
  coordinator port;
  keeper::keeper k{loop.clock, random, port, nullptr, {}, loop.io.get_executor(), {}};
  drain::node n;
};

}  // namespace

TEST_CASE("/metrics: when the executor is told to stop is shown with the deadline, by the reserve that is set") {
  scene s;
  constexpr auto name = "ebb_drain_stop_timestamp_seconds";
  CHECK_FALSE(s.value(name));
  s.n.plan = core::plan_without_deadline({});  // of a drain that may be withdrawn
  CHECK_FALSE(s.value(name));
  core::plan_facts facts;
  facts.grace = 120s;
  facts.reserve = 50s;
  facts.first_irrevocable = s.loop.clock.now();
  s.n.plan = core::plan_drain(facts);
  s.n.life.first_irrevocable = facts.first_irrevocable;
  const auto began = std::chrono::floor<std::chrono::seconds>(s.loop.clock.wall_now()).time_since_epoch();
  for (int looks = 0; looks < 3; ++looks) {
    CHECK(s.value(name) == std::to_string((began + 68s).count()));  // 120 s less the reserve and 2 s for the kubelet
    CHECK(s.value("ebb_drain_deadline_timestamp_seconds") == std::to_string((began + 118s).count()));
    s.loop.advance(30s);
  }
}

TEST_CASE("/metrics: whether there is a deny list is as the last look was answered, and absent while that is unknown") {
  scene s;
  CHECK_FALSE(s.value("ebb_deny_list_available"));  // nobody has looked
  s.k.set_wish(core::wish::denied);
  CHECK_FALSE(s.available(list_outcome::retry));
  CHECK_FALSE(s.available(list_outcome::login_again));
  CHECK(s.available(list_outcome::unavailable) == "0");
  CHECK_FALSE(s.available(list_outcome::retry));  // a password that is right no more
  CHECK(s.available(list_outcome::unavailable) == "0");
  CHECK(s.available(list_outcome::ok) == "1");
  CHECK_FALSE(s.available(list_outcome::retry));
  s.port.writing = list_outcome::rejected;
  CHECK(s.available(list_outcome::ok) == "1");  // there is a list, that refuses the entry
  s.k.set_off(true);
  CHECK_FALSE(s.available(list_outcome::ok));
}

}  // namespace ebb::probes
