#pragma once
// What an executor of the lab takes over from the command line of a JVM, where wrappers put it: the -D options in
// DREMIO_JAVA_SERVER_EXTRA_OPTS and DREMIO_JAVA_EXTRA_OPTS. The last one counts.
#include <optional>
#include <string>
#include <string_view>

namespace ebb::lab {

std::optional<std::string> java_property(std::string_view options, std::string_view name);

}  // namespace ebb::lab
