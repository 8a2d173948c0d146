#pragma once
// The system properties that the executor's JVM needs so that it can be watched and stopped in time: its admin port
// (random unless told), its address (loopback unless told, which no Prometheus can scrape) and its own grace, during
// which it waits *before* it leaves the cluster. Each is added only where nobody has chosen: not on the command line,
// in no variable that carries JVM options, nor in Dremio's own configuration files.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/time.hpp"
#include "agent/init/environment.hpp"
#include "config/settings.hpp"

namespace ebb::init {

struct jvm_wishes {
  int admin_port = 9010;
  core::duration grace{};  // dremio.termination_grace_period_seconds, in whole seconds, at least 1
};
jvm_wishes wishes_of(const config::settings& s);

// What is already chosen, as text: anything in which "-Dname=" or a line of HOCON may stand.
struct jvm_choices {
  std::vector<std::string> options;  // command line and variables, shell scripts that set such variables
  std::string hocon;                 // dremio.conf
};
jvm_choices choices_of(const std::vector<std::string>& argv, const environment& env);

// "-Dname=value" each; empty when all is chosen.
std::vector<std::string> missing_java_opts(const jvm_wishes& wishes, const jvm_choices& choices);

// Appends them to DREMIO_JAVA_EXTRA_OPTS, which bin/dremio puts last on the command line.
void add_java_opts(environment& env, const std::vector<std::string>& opts);

}  // namespace ebb::init
