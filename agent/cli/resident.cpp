#include "agent/cli/resident.hpp"

#include <algorithm>
#include <array>

#include "agent/cli/configuration.hpp"
#include "agent/cli/options.hpp"

namespace ebb::cli {

namespace {

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// The configuration that it was given on its command line. Nothing: no init.
std::optional<configuration> init_of(const rt::process& p) {
  if (p.arguments.empty() || p.is_ebb == false) return std::nullopt;
  const auto name = file_name(p.arguments.front());
  if (name == "java") return p.is_ebb ? std::optional(configuration{}) : std::nullopt;
  if (!p.is_ebb && name != "ebb") return std::nullopt;
  const auto asked = parse({p.arguments.begin() + 1, p.arguments.end()});
  const auto* run = std::get_if<run_command>(&asked);
  return run ? std::optional(run->config) : std::nullopt;
}

struct known {
  std::string admin_url, control;  // empty: not known
};

// What init has overwritten of its environment may have said anything.
known what_is_known(const rt::process& p, const configuration& given, const config::read_file& read) {
  if (!p.environment) return {};
  auto env = *p.environment;
  const auto overwritten = [&p](std::string_view variable) {
    const auto found = p.environment->find(variable);
    return found != p.environment->end() && found->second.empty();
  };
  std::erase_if(env, [](const auto& v) { return v.first.starts_with("EBB_"); });
  if (given.file.empty() && overwritten("EBB_CONFIG")) return {};
  const auto loaded = config::load(sources_of(given, std::move(env)), read);
  if (!loaded.ok()) return {};
  known out{loaded.values.executor.admin_url, loaded.values.listen.control};
  const auto set = [&given](std::string_view key) {
    return std::ranges::any_of(given.sets, [key](std::string_view s) { return s.starts_with(key); });
  };
  if (overwritten("EBB_EXECUTOR_ADMIN_URL") && !set("executor.admin_url=")) out.admin_url.clear();
  if (overwritten("EBB_LISTEN_CONTROL") && !set("listen.control=")) out.control.clear();
  return out;
}

// A command that has only the default does not know better.
const std::string& default_admin_url() {
  static const std::string url = config::settings().executor.admin_url;
  return url;
}

bool of_another_pod(const rt::process& p, const config::environment& env) {
  if (!p.environment) return false;
  return std::ranges::any_of(std::array{"POD_UID", "HOSTNAME"}, [&](std::string_view name) {
    return config::value_of(*p.environment, name) != config::value_of(env, name);
  });
}

}  // namespace

std::optional<resident> find_resident(const std::vector<rt::process>& processes, const config::settings& own,
                                      const config::environment& env, const config::read_file& read) {
  for (const auto& p : processes) {
    const auto given = init_of(p);
    if (!given) continue;
    const auto facts = what_is_known(p, *given, read);
    const bool other_executor = !facts.admin_url.empty() && own.executor.admin_url != default_admin_url() &&
                                facts.admin_url != own.executor.admin_url;
    if (p.pid == 1 || !(other_executor || of_another_pod(p, env))) return resident{p.pid, facts.control};
  }
  return std::nullopt;
}

}  // namespace ebb::cli
