#pragma once
// The configuration as TOML: the effective one, and the commented reference that config/ebb.toml is.
#include <string>

#include "config/loader.hpp"

namespace ebb::config {

// Every key, by section; secrets as "***". Loading it again gives the same settings, but for the secrets and for what
// has no key (the pod's facts, the port of the old PROMETHEUS_PORT).
std::string to_toml(const settings& all);

// The same, each value with where it came from as a comment behind it, and the facts of the pod in front.
std::string to_toml_with_origins(const loaded& from);

// Every key with its default, what it means, what may be written and what happens at its limit.
std::string reference();

}  // namespace ebb::config
