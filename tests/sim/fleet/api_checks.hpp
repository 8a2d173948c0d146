#pragma once
// What an API server refuses in an object that it is given: Leases (contract E2) and Events (F1).
#include <optional>
#include <string>

#include "tests/sim/fleet/api_object.hpp"

namespace ebb::sim {

struct api_refusal {
  unsigned status;
  std::string reason, message;
};

std::optional<api_refusal> refuse_object(const std::string& resource, const std::string& name_space,
                                         const api_object& o);

}  // namespace ebb::sim
