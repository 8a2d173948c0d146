#pragma once
// From the configuration to what init decides by.
#include "agent/core/supervise.hpp"
#include "config/settings.hpp"

namespace ebb::init {

core::supervise_policy policy_of(const config::settings& s);

}  // namespace ebb::init
