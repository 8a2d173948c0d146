#pragma once
// The variables of the shell hooks that Ebb replaces, read as the weakest source after the built-in defaults:
// DREMIO_URL, DREMIO_USER, DREMIO_PASSWORD, PROMETHEUS_ENDPOINT, PROMETHEUS_PORT, PROMETHEUS_WAIT_TIME and
// PROMETHEUS_QUERY_MAX_RETRIES. What cannot be read is warned about and left out.
#include "config/assembly.hpp"

namespace ebb::config {

// The longest grace that is believed when nothing but the hooks' patience is known.
inline constexpr duration longest_old_grace = std::chrono::seconds(600);

void apply_old_names(const environment& env, assembly& to);

}  // namespace ebb::config
