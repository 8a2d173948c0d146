#include "proto/json.hpp"

#include "proto/printable.hpp"

namespace ebb::proto {
namespace {

std::string described(const json_source& source, const simdjson::dom::element& value) {
  using simdjson::dom::element_type;
  switch (value.type()) {
    case element_type::ARRAY: return "an array";
    case element_type::OBJECT: return "an object";
    case element_type::NULL_VALUE: return "null";
    default: break;
  }
  std::string_view text;
  const bool is_string = value.get(text) == simdjson::SUCCESS;
  if (source.cites == citing::nothing) return is_string ? "a string" : "another type";
  return is_string ? quoted_excerpt(text) : std::string(simdjson::minify(value));
}

}  // namespace

result<json_document> json_document::parse(const json_source& source, std::string_view body) {
  if (body.size() > source.limit) {
    return parse_error(source.name, "the body has " + std::to_string(body.size()) + " bytes, expected at most " +
                                        std::to_string(source.limit));
  }
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return parse_error(source.name, "the body is empty, expected JSON");
  }
  json_document document;
  const simdjson::error_code error = document.parser_->parse(body.data(), body.size()).get(document.root_);
  if (error != simdjson::SUCCESS) {
    const std::string cited = source.cites == citing::values ? quoted_excerpt(body) : "the body";
    return parse_error(source.name,
                       cited + " is no JSON (" + printable(simdjson::error_message(error), 100) + "), expected JSON");
  }
  return document;
}

parse_error unexpected(const json_source& source, std::string_view place, const simdjson::dom::element& value,
                       std::string_view expected) {
  const std::string where = place.empty() ? "the document" : std::string(place);
  return {source.name, where + " is " + described(source, value) + ", expected " + std::string(expected)};
}

json_fields::json_fields(const json_source& source, std::string place, const simdjson::dom::element& object)
    : source_(&source), place_(std::move(place)), error_(std::make_shared<std::optional<parse_error>>()) {
  enter(object);
}

json_fields::json_fields(const json_fields& outer, std::string place, const simdjson::dom::element* object)
    : source_(outer.source_), place_(std::move(place)), error_(outer.error_) {
  if (object != nullptr) enter(*object);
}

void json_fields::enter(const simdjson::dom::element& element) {
  simdjson::dom::object object;
  if (element.get(object) == simdjson::SUCCESS) {
    object_ = object;
  } else {
    fail(unexpected(*source_, place_, element, "an object"));
  }
}

std::string json_fields::place_of(std::string_view key) const {
  return place_.empty() ? std::string(key) : place_ + "." + std::string(key);
}

void json_fields::fail(std::string_view key, std::string_view problem) {
  fail(parse_error(source_->name, place_of(key) + " " + std::string(problem)));
}

void json_fields::fail(const parse_error& error) {
  if (!*error_) *error_ = error;
}

std::optional<simdjson::dom::element> json_fields::any(std::string_view key) {
  simdjson::dom::element value;
  if (*error_ || !object_ || (*object_)[key].get(value) != simdjson::SUCCESS || value.is_null()) return std::nullopt;
  return value;
}

template <class T>
std::optional<T> json_fields::typed(std::string_view key, std::string_view expected) {
  const std::optional<simdjson::dom::element> value = any(key);
  T read{};
  if (!value) return std::nullopt;
  if (value->get(read) == simdjson::SUCCESS) return read;
  fail(unexpected(*source_, place_of(key), *value, expected));
  return std::nullopt;
}

std::string json_fields::required_string(std::string_view key) {
  std::string value = string(key);
  if (value.empty()) fail(key, "is missing or empty, expected a string");
  return value;
}

std::string json_fields::string(std::string_view key) {
  return std::string(typed<std::string_view>(key, "a string").value_or(""));
}

std::optional<bool> json_fields::boolean(std::string_view key) { return typed<bool>(key, "true or false"); }

std::optional<std::int64_t> json_fields::integer(std::string_view key) {
  return typed<std::int64_t>(key, "a whole number");
}

std::optional<simdjson::dom::array> json_fields::array(std::string_view key) {
  return typed<simdjson::dom::array>(key, "an array");
}

json_fields json_fields::object(std::string_view key) {
  const std::optional<simdjson::dom::element> value = any(key);
  return {*this, place_of(key), value ? &*value : nullptr};
}

std::vector<json_fields> json_fields::objects(std::string_view key) {
  std::vector<json_fields> all;
  const std::optional<simdjson::dom::array> values = array(key);
  if (!values) return all;
  for (const simdjson::dom::element value : *values) {
    all.push_back({*this, place_of(key) + "[" + std::to_string(all.size()) + "]", &value});
  }
  return all;
}

}  // namespace ebb::proto
