#pragma once
// application/x-www-form-urlencoded, and the queries of targets.
#include <map>
#include <string>
#include <string_view>

namespace ebb::lab {

// Decoded fields; of a repeated one the last counts.
std::map<std::string, std::string, std::less<>> read_form(std::string_view body);

}  // namespace ebb::lab
