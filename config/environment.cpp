#include "config/environment.hpp"

#include <algorithm>
#include <array>

namespace ebb::config {

environment environment_from(const char* const* block) {
  environment out;
  for (; block && *block; ++block) {
    const std::string_view line = *block;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    out.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return out;
}

std::string_view value_of(const environment& env, std::string_view name) {
  const auto found = env.find(name);
  return found == env.end() ? std::string_view{} : std::string_view(found->second);
}

bool is_service_address(std::string_view value) {
  constexpr std::array<std::string_view, 3> protocols{"tcp://", "udp://", "sctp://"};
  return std::any_of(protocols.begin(), protocols.end(), [&](auto protocol) { return value.starts_with(protocol); });
}

bool is_service_link(std::string_view name, std::string_view value) {
  return is_service_address(value) || name.find("_SERVICE_") != std::string_view::npos ||
         name.find("_PORT_") != std::string_view::npos;
}

bool hidden_from_executor(std::string_view name) { return name.starts_with("EBB_") || name == "DREMIO_PASSWORD"; }

bool is_reserved(std::string_view name) {
  return name == "EBB_CONFIG" || name == "EBB_JAVA" || name == "EBB_JAVA_ROLE";
}

}  // namespace ebb::config
