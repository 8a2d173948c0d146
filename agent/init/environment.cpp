#include "agent/init/environment.hpp"

#include <cstring>

#include "config/environment.hpp"

namespace ebb::init {
namespace {

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

bool ours_alone(std::string_view entry) { return config::hidden_from_executor(name_of(entry)); }

}  // namespace

environment copy_environment(char** variables) {
  environment env;
  for (char** v = variables; v != nullptr && *v != nullptr; ++v) env.emplace_back(*v);
  return env;
}

std::optional<std::string_view> value_of(const environment& env, std::string_view name) {
  for (const auto& entry : env) {
    if (name_of(entry) == name && entry.size() > name.size()) return std::string_view(entry).substr(name.size() + 1);
  }
  return std::nullopt;
}

void set(environment& env, std::string_view name, std::string_view value) {
  std::erase_if(env, [name](const std::string& entry) { return name_of(entry) == name; });
  std::string entry(name);
  entry += '=';
  entry += value;
  env.push_back(std::move(entry));
}

environment for_executor(const environment& env) {
  environment clean = env;
  std::erase_if(clean, [](const std::string& entry) { return ours_alone(entry); });
  set(clean, "DREMIO_IN_CONTAINER", "1");
  return clean;
}

void wipe_secrets(char** variables) {
  for (char** v = variables; v != nullptr && *v != nullptr; ++v) {
    char* value = std::strchr(*v, '=');
    if (value != nullptr && ours_alone(*v)) explicit_bzero(value + 1, std::strlen(value + 1));
  }
}

}  // namespace ebb::init
