#pragma once
// The environment of the container: what the executor may see of it, and the copy in init's memory that others can
// read.
//
// Entries are NAME=VALUE. Everything named EBB_* and DREMIO_PASSWORD is ours alone: the executor never sees it, and
// init overwrites its own copy, since /proc/1/environ can be read by every process of the same user.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::init {

using environment = std::vector<std::string>;

environment copy_environment(char** variables);

std::optional<std::string_view> value_of(const environment& env, std::string_view name);

// Sets NAME=VALUE, in the place of an entry of that name.
void set(environment& env, std::string_view name, std::string_view value);

// Without what is ours alone; with DREMIO_IN_CONTAINER=1, since Dremio believes in a container only when it is PID 1.
environment for_executor(const environment& env);

// Zeros in place of the values that are ours alone. Whoever still needs them has made a copy before.
void wipe_secrets(char** variables);

}  // namespace ebb::init
