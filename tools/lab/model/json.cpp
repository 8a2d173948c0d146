#include "tools/lab/model/json.hpp"

#include <simdjson.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tools/lab/model/exchange.hpp"

namespace ebb::lab {

json_body read_json(std::string_view body) {
  simdjson::dom::parser parser;
  simdjson::dom::element top;
  json_body out;
  if (auto e = parser.parse(body.data(), body.size()).get(top)) {
    out.parse_error = simdjson::error_message(e);
    return out;
  }
  out.kind = top.is_object() ? json_kind::object : json_kind::other;
  simdjson::dom::array list;
  if (top.get(list)) return out;
  for (auto item : list) {
    std::string_view text;
    if (item.get(text)) return out;
    out.strings.emplace_back(text);
  }
  out.kind = json_kind::strings;
  return out;
}

std::optional<std::string> string_member(std::string_view body, std::string_view name) {
  simdjson::dom::parser parser;
  simdjson::dom::element top;
  std::string_view text;
  if (parser.parse(body.data(), body.size()).get(top)) return std::nullopt;
  if (top[name].get(text)) return std::nullopt;
  return std::string(text);
}

std::string json_quote(std::string_view text) { return boost::json::serialize(boost::json::string_view(text)); }

std::string json_strings(const std::vector<std::string>& list) {
  boost::json::array out;
  for (const auto& s : list) out.emplace_back(s);
  return boost::json::serialize(out);
}

answer error_answer(unsigned status, std::string_view message) {
  return json_answer(status, R"({"errorMessage":)" + json_quote(message) + R"(,"moreInfo":""})");
}

}  // namespace ebb::lab
