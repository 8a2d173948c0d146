#pragma once
// What fits together badly without being wrong: warnings about settings as a whole.
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace ebb::config {

// How Ebb proves to the coordinator who it is; the first that is complete counts, in this order.
enum class credentials { none, token, client, login };
credentials chosen(const dremio_settings& from);

std::vector<std::string> warnings_about(const settings& all);

}  // namespace ebb::config
