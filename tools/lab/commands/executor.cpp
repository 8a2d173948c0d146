#include "tools/lab/commands/executor.hpp"

#include "tools/lab/control.hpp"
#include "tools/lab/java_options.hpp"
#include "tools/lab/machine.hpp"
#include "tools/lab/span_text.hpp"

namespace ebb::lab {

void executor_command::take_java_options(const std::vector<std::string>& environment) {
  std::string all;
  for (const std::string name : {"DREMIO_JAVA_SERVER_EXTRA_OPTS=", "DREMIO_JAVA_EXTRA_OPTS="})
    for (const auto& e : environment)
      if (e.starts_with(name)) all += e.substr(name.size()) + " ";
  const auto host = java_property(all, "services.web-admin.host"),
             number = java_property(all, "services.web-admin.port");
  if (number) s.admin = host.value_or("127.0.0.1") + ":" + *number;
  const auto grace = java_property(all, "dremio.termination_grace_period_seconds");
  if (const auto g = grace ? parse_span(*grace) : std::nullopt) s.facts.grace = g->most;
}

void executor_command::declare(CLI::App& app) {
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

int executor_command::run() {
  machine m;
  const auto colon = coordinator.rfind(':');
  const auto n = colon == std::string::npos ? 0 : number(std::string_view(coordinator).substr(colon + 1));
  auto host = coordinator.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);  // IPv6
  s.coordinator = {host, static_cast<std::uint16_t>(n)};
  if (n == 0 || n > 65535) return fail("--coordinator: \"" + coordinator + "\" has no port; it is HOST:PORT");
  parse_release(dremio, s.facts.dremio);
  return m.run(run_executor(m.io, m.clock, m.net, s));
}

}  // namespace ebb::lab
