// `ebb hook` and `ebb undrain` that do without an agent.
#include "tests/sim/command_scenes.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;

namespace {

const auto deny = hook(cli::hook_action::add);
const auto admit = hook(cli::hook_action::remove);

fleet_options with_grace(std::chrono::milliseconds grace) {
  auto o = bare(1);
  o.settings = agent_settings();
  o.settings.drain.grace = grace;
  return o;
}

}  // namespace

TEST_CASE("P2_ without an agent: a hook on a busy node returns in time for the executor's own stop") {
  for (const auto grace : {10s, 30s, 120s})
    scenario([grace](world& w) {
      fleet f(w, with_grace(grace));
      f.start_fragment(0, 10h);
      command hooked(f.at(0), deny);
      REQUIRE(ends_within(w, hooked, grace));
      CHECK(hooked.code() == 1);
      CHECK_THAT(hooked.err(), ContainsSubstring("time is up with work left"));
      const auto usable = grace - core::derive_reserve(grace) - core::kubelet_slack;
      CHECK(hooked.took() >= usable);
      CHECK(hooked.took() <= usable + 200ms);
      CHECK(f.denied(0));
    });
}

TEST_CASE("P2_ without an agent: a hook's time runs from its beginning, also while the node's name is looked for") {
  scenario([](world& w) {
    auto o = with_grace(30s);
    fleet f(w, o);
    f.at(0).settings.dremio.node_name = "auto";
    w.net().forget(executor_name(0));
    f.start_fragment(0, 10h);
    command hooked(f.at(0), deny);
    REQUIRE(ends_within(w, hooked, 60s));
    CHECK(hooked.code() == 1);
    CHECK(hooked.took() <= 30s - core::derive_reserve(30s) - core::kubelet_slack + 200ms);
  });
}

TEST_CASE("without an agent: a hook under a grace of 10 s is done in time on an idle node, of whatever engine") {
  scenario([](world& w) {
    fleet f(w, with_grace(10s));  // the last node of its engine: the pod will be stopped whatever is answered
    command hooked(f.at(0), deny);
    REQUIRE(ends_within(w, hooked, 10s));
    CHECK(hooked.code() == 0);
    CHECK(hooked.took() >= 1s);  // a third of the usable 3 s
    CHECK(hooked.took() <= 3s);
    CHECK(f.denied(0));
  });
}

TEST_CASE("without an agent: undrain is done when a second look still finds the entry gone") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.write_list({"x", executor_name(0), executor_name(0) + "0"});
    command back(f.at(0), cli::undrain_command{});
    REQUIRE(w.run_while_not([&] { return !f.denied(0); }, 2s));
    w.run_for(200ms);
    CHECK_FALSE(back.ended());
    f.write_list({executor_name(0), "y"});  // another writer's old snapshot
    const auto resurrected = w.now();
    REQUIRE(ends_within(w, back, 10s));
    CHECK(back.code() == 0);
    CHECK(w.now() - resurrected >= 1s);
    CHECK_THAT(back.out(), ContainsSubstring("is off the deny list, verified twice"));
    CHECK(f.list() == strings{"y"});
    command again(f.at(0), cli::undrain_command{});
    REQUIRE(ends_within(w, again, 5s));
    CHECK_THAT(again.out(), ContainsSubstring("was not on the deny list"));
  });
}

TEST_CASE("without an agent: an entry that is back long after its removal is still taken off") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.write_list({"somebody", executor_name(0)});
    command admitted(f.at(0), admit);
    REQUIRE(w.run_while_not([&] { return !f.denied(0); }, 2s));
    // The second look fails for longer than dremio.reclaim, and an old snapshot comes meanwhile.
    auto away = on_coordinator(list_path, lab::fault::status);
    w.run_for(500ms);
    away.until = w.now() + 90s;
    f.faults().add(away);
    w.run_for(30s);
    f.write_list({"somebody", executor_name(0)});
    REQUIRE(ends_within(w, admitted, 610s));
    CHECK(admitted.code() == 0);
    CHECK(f.list() == strings{"somebody"});
  });
}

TEST_CASE(
    "without an agent: the hook after a start waits for a coordinator that is away, and for ten minutes at most") {
  scenario([](world& w) {
    fleet f(w, bare(2));
    f.write_list({"somebody", executor_name(0)});
    auto away = on_coordinator("", lab::fault::down);
    away.until = w.now() + 120s;
    f.faults().add(away);
    command admitted(f.at(0), admit);
    REQUIRE(ends_within(w, admitted, 130s));
    CHECK(admitted.code() == 0);
    CHECK(admitted.took() >= 121s);
    CHECK(f.list() == strings{"somebody"});

    f.faults().add(on_coordinator("", lab::fault::down));
    command in_vain(f.at(0), admit);
    REQUIRE(ends_within(w, in_vain, 603s));
    CHECK(in_vain.code() == 1);
    CHECK(in_vain.took() >= 600s);
  });
}
