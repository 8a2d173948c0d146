#include "tools/lab/commands/demo.hpp"

#include <unistd.h>

#include <filesystem>

namespace ebb::lab {
namespace {

bool is_ours(const std::string& variable) {
  return variable.starts_with("EBB_") || variable.starts_with("DREMIO_") || variable.starts_with("KUBERNETES_");
}

}  // namespace

void demo_command::declare(CLI::App& app) {
  std::error_code ec;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", ec);
  s.lab = self.string();
  s.ebb = (self.parent_path() / "ebb").string();
  app.add_option("--ebb", s.ebb, "the agent's program")->capture_default_str();
  app.add_option("--out", out, "folder of the report and of the logs")->capture_default_str();
  app.add_option("--seed", s.seed, "of the load")->capture_default_str();
  app.add_option("--only", only, "one of the three runs")->check(CLI::IsMember({"bare", "hook", "ebb"}));
  app.add_option("--queries-per-second", s.per_second)->capture_default_str();
  add_span(app, "--lasts", s.lasts, "how long a query's longest fragment runs");
  add_duration(app, "--latency", s.latency, "of each call to the coordinator");
  add_duration(app, "--propagation", s.propagation, "from a write of the deny list to the first plan that respects it");
  add_duration(app, "--grace", s.grace, "until SIGKILL");
  app.add_flag("--brief", brief, "fewer executors and a shorter load");
  app.add_flag("--strict", strict, "exit 3 when Ebb lost a query or left an executor undenied");
}

int demo_command::run() {
  std::erase_if(s.environment, is_ours);  // what is set for other agents here is not meant for these
  std::vector<protection> ways;
  if (only.empty() || only == "bare") ways.push_back(protection::bare);
  if (only.empty() || only == "hook") ways.push_back(protection::hook);
  if (only.empty() || only == "ebb") ways.push_back(protection::ebb);
  if (ways.back() == protection::ebb && ::access(s.ebb.c_str(), X_OK) != 0)
    return fail("--ebb: \"" + s.ebb + "\" is no program; build it with: cmake --build --preset release --target ebb");
  if (brief) {
    s.executors = 6;
    s.together = 3;
    s.one_by_one = {2s};
    s.at_once = 6s;
    s.length = 15s;
  }
  s.out = std::filesystem::absolute(out);
  return run_demo(s, ways, strict);
}

}  // namespace ebb::lab
