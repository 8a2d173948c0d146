#pragma once
// Text from outside may be any bytes; what is printed, logged and sent is UTF-8.
#include <string_view>

namespace ebb::config {

// Well-formed UTF-8: shortest forms only, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(std::string_view text);

// The longest beginning of at most `size` bytes that splits no character of well-formed text.
std::string_view utf8_prefix(std::string_view text, std::size_t size);

}  // namespace ebb::config
