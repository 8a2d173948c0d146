#pragma once
// Names in messages: what a mistyped one may have been meant to be, and how a name that may hold anything is printed.
#include <string>
#include <string_view>

namespace ebb::config {

// "; did you mean drain.settle?" or nothing: near in spelling, or the same name in another section.
std::string suggestion_for_key(std::string_view name);

// The same, else where all keys are shown.
std::string mend_for_key(std::string_view name);

// The same for EBB_ variables.
std::string suggestion_for_variable(std::string_view name);

// The same for sections, else the list of them.
std::string suggestion_for_section(std::string_view name);

// The name as it is, or quoted and cut where it is long or has characters that do not belong into a line.
std::string plain(std::string_view name);

}  // namespace ebb::config
