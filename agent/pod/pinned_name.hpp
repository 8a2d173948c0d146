#pragma once
// A node name that the executor's command line pins: -Dregistration.publish-host=NAME, which Dremio takes verbatim.
#include <string>
#include <string_view>

#include "config/environment.hpp"

namespace ebb::pod {

// Of options separated by blanks, as DREMIO_JAVA_EXTRA_OPTS holds them; the last one counts, as for the JVM. Empty:
// none.
std::string pinned_name(std::string_view java_options);

// Of the variables that bin/dremio puts on the command line.
std::string pinned_name_of(const config::environment& env);

}  // namespace ebb::pod
