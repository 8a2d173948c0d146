#pragma once
// One of an object's status.conditions.
#include <string>

namespace ebb::kubernetes {

struct condition {
  std::string status;  // "True", "False", "Unknown"
  std::string reason;
  std::string message;  // one printable line

  bool operator==(const condition&) const = default;
};

}  // namespace ebb::kubernetes
