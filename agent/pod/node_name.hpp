#pragma once
// The name under which Dremio knows this node, computed as the executor's JDK computes it:
// InetAddress.getLocalHost().getCanonicalHostName(), unless it was told a name (contract: a deny list entry has to be
// exactly that name).
#include <string>

#include "agent/rt/resolver.hpp"

namespace ebb::pod {

// The host's name is resolved, an IPv4 address preferred; the name that the address has is the node's, provided that it
// resolves to the same address; else the address itself is, in Java's writing. Errors: those of resolving the host's
// own name, with which the executor does not start either.
rt::task<rt::result<std::string>> computed_name(rt::resolver& names);

// As Inet4Address and Inet6Address write themselves: IPv6 in eight groups without any "::".
std::string java_text(const rt::asio::ip::address& a);

// Whether a name is an address in either writing.
bool is_address(const std::string& name);

}  // namespace ebb::pod
