#pragma once
// Environment variables: which are ours, which Kubernetes put there, which the executor must not see.
#include <map>
#include <string>
#include <string_view>

namespace ebb::config {

using environment = std::map<std::string, std::string, std::less<>>;

// From the block that a process is started with: "NAME=value", ended by a null pointer. The first of a name counts, as
// for getenv; what has no '=' is left out.
environment environment_from(const char* const* block);

// The value, or nothing when the variable is absent or empty.
std::string_view value_of(const environment& env, std::string_view name);

// What Kubernetes' service links leave behind for a Service that is called like one of our prefixes: values such as
// tcp://10.0.0.7:9011, and names with _SERVICE_ or _PORT_ in them.
bool is_service_address(std::string_view value);
bool is_service_link(std::string_view name, std::string_view value);

// Secrets, and where they are, stay out of the executor's environment: every EBB_ variable and DREMIO_PASSWORD.
bool hidden_from_executor(std::string_view name);

// Variables that begin with EBB_ and are no keys.
bool is_reserved(std::string_view name);

}  // namespace ebb::config
