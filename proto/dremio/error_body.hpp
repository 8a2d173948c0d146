#pragma once
// What stands in the body of an answer that is not a 200, from Dremio or from whatever stands before it.
#include <cstddef>
#include <string>
#include <string_view>

namespace ebb::dremio {

inline constexpr std::size_t error_text_limit = 200;          // bytes
inline constexpr std::size_t error_body_limit = 1024 * 1024;  // a larger one is not looked into

struct error_body {
  bool from_dremio = false;  // JSON with errorMessage; an ingress or a proxy does not send that
  std::string text;  // one printable line: errorMessage and moreInfo, the HTML's title or words, or the text; "" for an
                     // empty body
};

// Never fails: there is no body that is wrong.
error_body parse_error_body(std::string_view body);

}  // namespace ebb::dremio
