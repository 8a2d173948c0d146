// ebb-lab: a Dremio to play with. See --help.
#include "tools/lab/commands/coordinator.hpp"
#include "tools/lab/commands/demo.hpp"
#include "tools/lab/commands/executor.hpp"
#include "tools/lab/commands/report.hpp"

int main(int argc, char** argv, char** environment) {
  using namespace ebb::lab;
  constexpr int usage_error = 2;
  std::vector<std::string> inherited;
  for (char** e = environment; *e; ++e) inherited.emplace_back(*e);
  CLI::App app{"A Dremio to play with: a coordinator, executors and a query load on this machine."};
  app.require_subcommand(1);
  app.option_defaults()->take_last();  // inherited by the commands
  coordinator_command coordinator;
  executor_command executor;
  demo_command demo;
  report_command report;
  executor.take_java_options(inherited);
  demo.s.environment = inherited;
  auto& c =
      *app.add_subcommand("coordinator", "login, deny list, node list, planner and load; /lab/state shows it all");
  auto& e = *app.add_subcommand("executor", "one executor: /live, /metrics, fragments, and Dremio's way of stopping");
  auto& d = *app.add_subcommand("demo", "executors stopped under load: bare, with a shell hook's algorithm, with Ebb");
  auto& r = *app.add_subcommand("report", "the table and the page of runs that were told elsewhere");
  coordinator.declare(c);
  executor.declare(e);
  demo.declare(d);
  report.declare(r);
  try {
    app.parse(argc, argv);
    if (c.parsed()) return coordinator.run();
    if (r.parsed()) return report.run();
    return e.parsed() ? executor.run() : demo.run();
  } catch (const CLI::ParseError& x) { return app.exit(x) == 0 ? 0 : usage_error; } catch (const std::exception& x) {
    return fail(x.what());
  }
}
