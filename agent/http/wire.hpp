#pragma once
// Heads of messages as bytes. What would break the framing (a line end in a value, a blank in a target) is refused, so
// that no text from outside can become a header of its own.
#include <string>
#include <string_view>

#include "agent/http/message.hpp"

namespace ebb::http {

// Appends the head and the body of a request. Errors: invalid_argument.
rt::result<void> append_request(std::string& out, const request& req, std::string_view target, std::string_view host);

// How the body of a response is framed.
enum class framing { length, chunks, until_close, none };

// Appends the head of a response, without the body. Errors: invalid_argument.
rt::result<void> append_response_head(std::string& out, const response& r, framing body, bool keep_alive, bool http11,
                                      std::string_view date);

}  // namespace ebb::http
