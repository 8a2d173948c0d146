// ebb-lab: a Dremio to play with. See --help.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "tools/lab/executor_program.hpp"
#include "tools/lab/java_options.hpp"
#include "tools/lab/machine.hpp"
#include "tools/lab/site.hpp"
#include "tools/lab/span_text.hpp"

namespace {

using namespace ebb::lab;

std::string good_span(const std::string& text) {
  return parse_span(text) ? "" : "not a duration such as 200ms or 1.5s, nor a range such as 1s-3s";
}

// An option that is a duration or a range of them.
void add_span(CLI::App& app, const std::string& flag, span& into, const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&into](const std::string& v) { into = *parse_span(v); }, help)
      ->check(CLI::Validator(good_span, "DURATION"));
}
void add_duration(CLI::App& app, const std::string& flag, duration& into, const std::string& help) {
  app.add_option_function<std::string>(
         flag, [&into](const std::string& v) { into = parse_span(v)->most; }, help)
      ->check(CLI::Validator(good_span, "DURATION"));
}

int fail(const std::string& what) {
  std::fprintf(stderr, "ebb-lab: %s\n", what.c_str());
  return 1;
}

struct coordinator_command {
  site::options o;
  load::options queries;
  span latency;
  bool no_list = false, no_privilege = false, no_flags = false;
  account user{"admin", "secret1!", "", rights::admin, false}, service{"", "", "", rights::admin, true};

  void declare(CLI::App& app) {
    queries.per_second = 0;
    app.add_option("--listen", o.listen, "address of the HTTP port; port 0: any")->capture_default_str();
    app.add_option("--control", o.control, "address of the port for executors")->capture_default_str();
    app.add_option("--user", user.name, "who may log in")->capture_default_str();
    app.add_option("--password", user.password, "with this")->capture_default_str();
    app.add_option("--pat", user.pat, "and this personal access token");
    app.add_option("--client-id", service.name, "a service user");
    app.add_option("--client-secret", service.password, "and its secret");
    add_duration(app, "--token-life", o.dremio.who.login_life, "of a login");
    add_duration(app, "--propagation", o.dremio.list.propagation,
                 "from a write of the list to the first plan that respects it");
    app.add_flag("--ignore-case", o.dremio.list.ignore_case, "entries match names of another case");
    app.add_flag("--refuse-unknown", o.dremio.list.refuse_unknown,
                 "a new entry that names no node is answered with 400");
    app.add_flag("--reorder", o.dremio.list.reorder, "the list is sorted");
    app.add_flag("--remove-duplicates", o.dremio.list.remove_duplicates, "the list holds each entry once");
    app.add_flag("--no-list", no_list, "an edition without the list");
    app.add_flag("--no-privilege", no_privilege, "the user may not touch the list");
    app.add_flag("--no-flags", no_flags, "rows of the node list lack isBlacklisted");
    add_span(app, "--latency", latency, "of every call, half before and half after it takes effect");
    app.add_option("--queries-per-second", queries.per_second, "load from the start")->capture_default_str();
    app.add_option("--fragments", queries.fragments_most, "most of one query")->capture_default_str();
    add_span(app, "--lasts", queries.lasts, "how long a query's longest fragment runs");
    add_span(app, "--plan-delay", queries.plan_delay, "from a plan to its fragments");
    app.add_option("--seed", o.seed, "of everything that is left to chance")->capture_default_str();
  }

  int run() {
    machine m;
    o.dremio.has_list = !no_list;
    o.dremio.node_list_flags = !no_flags;
    if (no_privilege) user.right = rights::user;
    o.dremio.who.known = {user};
    if (!service.name.empty()) o.dremio.who.known.push_back(service);
    o.dremio.wall_at_zero =
        m.clock.wall_now() - std::chrono::floor<std::chrono::milliseconds>(m.clock.now().time_since_epoch());
    site s(m.io, m.clock, o);
    const auto ports = s.open();
    if (!ports) return fail("cannot listen on " + o.listen + " or " + o.control + ": " + ports.error().message());
    if (latency.most > 0s) {
      fault_rule slow;
      slow.before = slow.after = {latency.least / 2, latency.most / 2};
      s.trouble().add(slow);
    }
    queries.seed = o.seed;
    queries.from = m.clock.now();
    if (queries.per_second > 0) s.start_load(queries);
    std::printf("coordinator listening http=%u control=%u\n", ports->first, ports->second);
    std::fflush(stdout);
    return m.run_until_signal(s.run());
  }
};

struct executor_command {
  executor_settings s;
  std::string coordinator = "127.0.0.1:9048", dremio = "25.2";

  void declare(CLI::App& app) {
    s.facts.name = "executor-0";
    app.add_option("--name", s.facts.name, "address in the cluster, which the deny list is compared with")
        ->capture_default_str();
    app.add_option("--ip", s.facts.ip)->capture_default_str();
    app.add_option("--tag", s.facts.tag, "engine");
    app.add_option("--coordinator", coordinator, "control port of a coordinator of the lab")->capture_default_str();
    app.add_option("--admin", s.admin, "web-admin address; -Dservices.web-admin.host and .port change the default")
        ->capture_default_str();
    app.add_option("--dremio", dremio, "release whose pages are served")
        ->capture_default_str()
        ->check(CLI::IsMember({"24.0", "24.3", "25.0", "25.1", "25.2", "26.0"}));
    add_duration(app, "--startup", s.facts.startup, "until it registers");
    add_duration(app, "--grace", s.facts.grace, "its own wait for fragments on SIGTERM");
    add_duration(app, "--leaving", s.facts.leaving, "from leaving the cluster to the end");
    add_duration(app, "--session", s.session, "without a coordinator for this long: exit 7");
  }

  // As a wrapper tells it to a JVM; flags are stronger.
  void take_java_options() {
    std::string all;
    for (const char* name : {"DREMIO_JAVA_SERVER_EXTRA_OPTS", "DREMIO_JAVA_EXTRA_OPTS"})
      if (const char* v = std::getenv(name)) all += std::string(v) + " ";
    const auto host = java_property(all, "services.web-admin.host"),
               number = java_property(all, "services.web-admin.port");
    if (number) s.admin = host.value_or("127.0.0.1") + ":" + *number;
    const auto grace = java_property(all, "dremio.termination_grace_period_seconds");
    if (const auto g = grace ? parse_span(*grace) : std::nullopt) s.facts.grace = g->most;
  }

  int run() {
    machine m;
    const auto colon = coordinator.rfind(':');
    const auto number = colon == std::string::npos ? std::string() : coordinator.substr(colon + 1);
    s.coordinator = {coordinator.substr(0, colon), static_cast<std::uint16_t>(std::atoi(number.c_str()))};
    if (s.coordinator.port == 0) return fail("--coordinator: \"" + coordinator + "\" has no port; it is HOST:PORT");
    parse_release(dremio, s.facts.dremio);
    return m.run(run_executor(m.io, m.clock, m.net, s));
  }
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"A Dremio to play with: a coordinator, executors and a query load on this machine."};
  app.require_subcommand(1);
  coordinator_command coordinator;
  executor_command executor;
  executor.take_java_options();
  coordinator.declare(
      *app.add_subcommand("coordinator", "login, deny list, node list, planner and load; /lab/state shows it all"));
  executor.declare(
      *app.add_subcommand("executor", "one executor: /live, /metrics, fragments, and Dremio's way of stopping"));
  CLI11_PARSE(app, argc, argv);
  try {
    return app.got_subcommand("coordinator") ? coordinator.run() : executor.run();
  } catch (const std::exception& e) { return fail(e.what()); }
}
