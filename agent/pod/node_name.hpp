#pragma once
// The name under which Dremio registers an executor: what the JDK computes as the canonical name of the local host.
#include <string>

#include "agent/rt/resolver.hpp"

namespace ebb::pod {

// InetAddress.getLocalHost().getCanonicalHostName(): the host's name is resolved, IPv4 before IPv6; the first address
// is looked up backwards; the name found must resolve to that address again, else the address itself is the name.
// Errors: those of resolving the host's own name (Dremio does not start then either).
rt::task<rt::result<std::string>> computed_name(rt::resolver& names);

// Whether a name is a literal address: Dremio then knows the node by it.
bool is_address(const std::string& name);

}  // namespace ebb::pod
