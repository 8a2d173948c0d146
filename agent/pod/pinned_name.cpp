#include "agent/pod/pinned_name.hpp"

namespace ebb::pod {

std::string pinned_name(std::string_view java_options) {
  constexpr std::string_view property = "-Dregistration.publish-host=";
  constexpr std::string_view blanks = " \t\n\r";
  const auto at = java_options.rfind(property);
  if (at == std::string_view::npos) return {};
  auto value = java_options.substr(at + property.size());
  value = value.substr(0, value.find_first_of(blanks));
  while (!value.empty() && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '"' || value.back() == '\'')) value.remove_suffix(1);
  return std::string(value);
}

std::string pinned_name_of(const config::environment& env) {
  // bin/dremio appends them in this order, and the JVM takes the last.
  auto name = pinned_name(config::value_of(env, "DREMIO_JAVA_EXTRA_OPTS"));
  return name.empty() ? pinned_name(config::value_of(env, "DREMIO_JAVA_SERVER_EXTRA_OPTS")) : name;
}

}  // namespace ebb::pod
