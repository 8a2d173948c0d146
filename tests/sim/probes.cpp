// What the agent answers while a node lives: probes, metrics, status, control.
#include <array>

#include "agent/cli/status_view.hpp"
#include "config/utf8.hpp"
#include "tests/sim/fleet/fleet.hpp"
#include "tests/support/catch.hpp"

using namespace ebb;
using namespace ebb::sim;
using core::state;

namespace {

fleet_options two_idle_nodes() {
  fleet_options o;
  o.executors = 2;
  o.load = no_load();
  return o;
}

constexpr std::uint16_t probes_port = 9011;

}  // namespace

TEST_CASE("livez, readyz and startupz have Kubernetes' format and meaning") {
  scenario([](world& w) {
    auto o = two_idle_nodes();
    o.executor.startup = 10s;
    o.wait_until_serving = false;
    fleet f(w, o);
    w.run_for(5s);
    auto& c = f.at(0);
    CHECK(asked(w, c, "GET", "/livez", probes_port).status == 200);
    CHECK(asked(w, c, "GET", "/startupz", probes_port).status == 500);
    const auto early = asked(w, c, "GET", "/readyz", probes_port);
    CHECK(early.status == 500);
    CHECK_THAT(early.body, ContainsSubstring("[-]executor failed: "));
    CHECK_THAT(early.body, ContainsSubstring("readyz check failed\n"));
    REQUIRE(reaches(w, c, state::serving, 30s));
    CHECK(asked(w, c, "GET", "/startupz", probes_port).status == 200);
    CHECK(asked(w, c, "GET", "/readyz", probes_port).body == "ok");
    CHECK(asked(w, c, "GET", "/readyz?verbose", probes_port).body ==
          "[+]executor ok\n[+]admitted ok\n[+]drain ok\nreadyz check passed\n");
    CHECK(asked(w, c, "GET", "/readyz/admitted", probes_port).status == 200);
    CHECK(asked(w, c, "GET", "/readyz/nonsense", probes_port).status == 404);
    CHECK_THAT(asked(w, c, "GET", "/readyz?verbose&exclude=nonsense", probes_port).body, ContainsSubstring("warn: "));
    // A withdrawable drain leaves the node ready: its name must go on to resolve. An irrevocable one does not.
    (void)asked(w, c, "POST", "/drain");
    w.run_for(1s);
    CHECK(asked(w, c, "GET", "/readyz", probes_port).status == 200);
    c.signal();
    w.run_for(1s);
    CHECK(asked(w, c, "GET", "/readyz", probes_port).status == 500);
    CHECK(asked(w, c, "GET", "/readyz?exclude=drain", probes_port).status == 200);
    CHECK(asked(w, c, "GET", "/livez", probes_port).status == 200);
  });
}

TEST_CASE("control answers the loopback of its own port, and nobody on the probes' port without the token") {
  scenario([](world& w) {
    auto o = two_idle_nodes();
    fleet f(w, o);
    auto& c = f.at(0);
    for (const auto* path : {"/drain", "/undrain", "/stop"}) {
      CHECK(asked(w, c, "POST", path, probes_port).status == 403);
      CHECK(asked(w, c, "GET", path).status == 405);
    }
    w.run_for(5s);
    CHECK(c.life().now == state::serving);
    CHECK(asked(w, c, "POST", "/drain?cause=deletion").status == 400);
    CHECK_THAT(asked(w, c, "POST", "/drain?deadline=10").body, ContainsSubstring("deadline: "));
    CHECK_THAT(asked(w, c, "POST", "/drain?wiat=true").body, ContainsSubstring("no such parameter"));
    CHECK(c.life().now == state::serving);
    CHECK(asked(w, c, "POST", "/drain").status == 202);
    w.run_for(1s);
    CHECK(c.life().now == state::draining);
  });
}

TEST_CASE("a reason of any bytes leaves the status JSON, and so does an error about them") {
  scenario([](world& w) {
    fleet f(w, two_idle_nodes());
    auto& c = f.at(0);
    const auto well_formed = [&](const container::answer& a) {
      CHECK(config::is_utf8(a.body));
      CHECK(cli::parse_status(a.body).has_value());
      return a.body;
    };
    CHECK_THAT(well_formed(asked(w, c, "POST", "/drain?reason=caf%e9%00%0a")), ContainsSubstring("caf\uFFFD"));
    (void)well_formed(asked(w, c, "GET", "/status"));
    (void)well_formed(asked(w, c, "POST", "/drain?deadline=%ff"));
    (void)well_formed(asked(w, c, "POST", "/drain?%ff=1"));
    CHECK_THAT(asked(w, c, "POST", "/nothing").body, ContainsSubstring("by POST /drain /undrain /stop"));
  });
}

TEST_CASE("wrong methods and unknown paths are told, and no GET changes anything") {
  scenario([](world& w) {
    fleet f(w, two_idle_nodes());
    auto& c = f.at(0);
    for (const auto* path : {"/livez", "/readyz", "/startupz", "/metrics", "/status", "/", "/drain/wait"}) {
      CHECK(asked(w, c, "GET", path, probes_port).status == 200);
      CHECK(asked(w, c, "POST", path, probes_port).status == 405);
    }
    CHECK(asked(w, c, "GET", "/nothing", probes_port).status == 404);
    CHECK(asked(w, c, "GET", "/livezz", probes_port).status == 404);
    w.run_for(5s);
    CHECK(c.life().now == state::serving);
    CHECK_FALSE(f.denied(0));
  });
}

TEST_CASE("/metrics has every promised metric") {
  scenario([](world& w) {
    fleet f(w, two_idle_nodes());
    auto& c = f.at(0);
    c.signal();
    w.run_for(5s);
    const auto page = asked(w, c, "GET", "/metrics", probes_port).body;
    constexpr std::array names = {"ebb_state",
                                  "ebb_build_info",
                                  "ebb_fragments_active",
                                  "ebb_fragments_unknown",
                                  "ebb_drains_total",
                                  "ebb_drain_seconds",
                                  "ebb_drain_fragments_abandoned_total",
                                  "ebb_drain_deadline_timestamp_seconds",
                                  "ebb_drain_stop_timestamp_seconds",
                                  "ebb_deny_list_entry",
                                  "ebb_deny_list_available",
                                  "ebb_deny_list_writes_total",
                                  "ebb_deny_list_lost_updates_total",
                                  "ebb_requests_total",
                                  "ebb_request_seconds",
                                  "ebb_retry_budget_tokens",
                                  "ebb_retry_budget_exhausted_total",
                                  "ebb_agent_restarts_total",
                                  "ebb_log_lines_dropped_total",
                                  "ebb_executor_exits_total",
                                  "process_cpu_seconds_total"};
    for (const auto* name : names) {
      INFO(name);
      CHECK(page.find("# TYPE " + std::string(name) + " ") != std::string::npos);
    }
    CHECK_THAT(page, ContainsSubstring("ebb_state{state=\"draining\"} 1\n"));
    CHECK_THAT(page, ContainsSubstring("ebb_deny_list_entry{wish=\"denied\",actual=\"present\"} 1\n"));
  });
}

TEST_CASE("P10_ a drain can be followed in the status, on the page, in the metrics and in the log") {
  scenario([](world& w) {
    fleet f(w, two_idle_nodes());
    auto& c = f.at(0);
    f.start_fragment(0, 30s);
    c.signal();
    w.run_for(20s);
    const auto status = asked(w, c, "GET", "/status", probes_port).body;
    CHECK_THAT(status, ContainsSubstring("\"state\":\"draining\",\"phase\":\"quiescing\""));
    CHECK_THAT(status, ContainsSubstring("\"causes\":[\"sigterm\"]"));
    CHECK_THAT(status, ContainsSubstring("\"fragments\":1,\"fragments_source\":\"scrape\""));
    CHECK_THAT(status, ContainsSubstring("\"entry\":\"present\""));
    CHECK_THAT(asked(w, c, "GET", "/", probes_port).body, ContainsSubstring("draining · quiescing"));
    REQUIRE(ends_within(w, c, 60s));
    CHECK(w.log().contains("event=drain.end outcome=idle"));
    CHECK(w.log().contains("event=state from=draining to=stopping"));
  });
}
