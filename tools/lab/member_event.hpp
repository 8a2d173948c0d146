#pragma once
// What executors said of themselves; a connection that ended without "leave" is a death.
#include <string>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

struct member_event {
  enum class kind { joined, signalled, left, died } what;
  time_point at;
  std::string node;
};

}  // namespace ebb::lab
