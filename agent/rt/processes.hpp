#pragma once
// Other processes as a value: what can be read of them without any right over them.
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ebb::rt {

struct process {
  int pid = 0;
  std::optional<bool> is_ebb;  // whether its program file is Ebb's; nothing: not to be read
  std::vector<std::string> arguments;
  // Nothing: not to be read. Init has overwritten what was in Ebb's own variables.
  std::optional<std::map<std::string, std::string, std::less<>>> environment;
};

}  // namespace ebb::rt
