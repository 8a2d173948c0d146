#pragma once
// Makes foreign bytes fit for one line of a log or an error.
#include <cstddef>
#include <string>
#include <string_view>

namespace ebb::proto {

inline constexpr std::size_t excerpt_limit = 60;

// At most `limit` bytes of `text` as valid UTF-8 on one line: each run of blanks and control characters (C0, DEL, C1
// and the line separators U+2028 and U+2029) becomes one space, ill-formed bytes become '?', the ends are trimmed.
// What is cut off is shown by "...", which counts. Reads no more of `text` than it needs.
std::string printable(std::string_view text, std::size_t limit = excerpt_limit);

// The same in double quotes, for errors.
std::string quoted_excerpt(std::string_view text);

// The whole text as well-formed UTF-8: each ill-formed byte becomes U+FFFD. Nothing else changes.
std::string well_formed(std::string_view text);

// The length of the well-formed UTF-8 sequence at the front of `text`; 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text);

}  // namespace ebb::proto
