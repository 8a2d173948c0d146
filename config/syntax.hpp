#pragma once
// The small grammars of configured texts. Each function returns what is wrong with a text, as the middle of a sentence
// ("names no host"), or nothing when all is well.
#include <string>
#include <string_view>

namespace ebb::config {

// http:// or https://, a host, perhaps a port and a path; no user, query or fragment.
std::string_view url_fault(std::string_view text);

// Where to listen: "127.0.0.1:9012", "[::1]:9012". A literal address: names would make the start depend on a resolver.
std::string_view address_fault(std::string_view text);

// Whether an address without fault can be reached from this machine alone.
bool is_loopback(std::string_view address);

// A metric's name in the text exposition format.
std::string_view metric_fault(std::string_view text);

// A key of a Kubernetes taint: "name" or "prefix/name".
std::string_view taint_fault(std::string_view text);

// Prometheus' label matchers without the braces: a="b",c!="d",e=~"f.*",g!~"h". Empty is fine.
std::string_view matchers_fault(std::string_view text);

// Whether a text has bytes that belong into no configured value: NUL, line ends, other control characters.
bool has_control_characters(std::string_view text);

// Well-formed UTF-8 without them: it may stand on a line as it is.
bool fits_on_a_line(std::string_view text);

// For a message: in quotes, escaped, cut at a length that keeps one line readable. Always well-formed UTF-8.
std::string shown(std::string_view text);

}  // namespace ebb::config
