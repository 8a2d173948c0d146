#pragma once
// The whole demonstration: three runs, a table, a page.
#include <vector>

#include "tools/lab/demo/stage.hpp"

namespace ebb::lab {

// Exit codes: 0 done; 1 a run could not be made; 4 interrupted; 3 with `strict`, when Ebb lost a query or left an
// executor undenied.
int run_demo(const demo_settings& s, const std::vector<protection>& ways, bool strict);

}  // namespace ebb::lab
