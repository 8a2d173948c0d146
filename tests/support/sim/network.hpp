#pragma once
// The network of one host: rt::network over the world's wires. TLS is taken as given: the options are ignored but for
// one more round trip.
#include <memory>

#include "agent/rt/network.hpp"

namespace ebb::sim {

class host;

std::unique_ptr<rt::network> make_network(host& owner);

}  // namespace ebb::sim
