#include "tools/lab/commands/coordinator.hpp"

#include <cstdio>

#include "tools/lab/machine.hpp"

namespace ebb::lab {

void coordinator_command::declare(CLI::App& app) {
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
  app.add_flag("--refuse-unknown", o.dremio.list.refuse_unknown, "a new entry that names no node is answered with 400");
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

int coordinator_command::run() {
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

}  // namespace ebb::lab
