#pragma once
// The little JSON that the models read. Written apart from the agent's codecs, so that a mistake in one shows in the
// other.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::lab {

enum class json_kind { malformed, other, object, strings };

struct json_body {
  json_kind kind = json_kind::malformed;
  std::string parse_error;           // of malformed
  std::vector<std::string> strings;  // of an array that holds nothing but strings
};

// What a body is; an array with anything but strings in it is `other`.
json_body read_json(std::string_view body);

// A string member of an object, or nothing.
std::optional<std::string> string_member(std::string_view body, std::string_view name);

std::string json_quote(std::string_view text);
std::string json_strings(const std::vector<std::string>& list);

}  // namespace ebb::lab
