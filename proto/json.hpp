#pragma once
// Reading JSON documents of others: whole, bounded, and with errors that name the place. For the codecs' sources only:
// it includes simdjson, which is slow to compile.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "proto/parse_error.hpp"

namespace ebb::proto {

enum class citing { values, nothing };  // nothing: the document holds secrets

struct json_source {
  std::string_view name;  // what the document is, first word of every error: "deny list"
  std::size_t limit;      // bytes
  citing cites = citing::values;
};

// A document that was read to its end. The whole of it is valid JSON and UTF-8, so a truncated one never gets here.
class json_document {
 public:
  static result<json_document> parse(const json_source& source, std::string_view body);

  const simdjson::dom::element& root() const { return root_; }

 private:
  json_document() = default;

  std::unique_ptr<simdjson::dom::parser> parser_ = std::make_unique<simdjson::dom::parser>();  // elements point into it
  simdjson::dom::element root_;
};

// "PLACE is VALUE, expected EXPECTED".
parse_error unexpected(const json_source& source, std::string_view place, const simdjson::dom::element& value,
                       std::string_view expected);

// Reads the fields of one object. null counts as missing. The first error stays and makes every later read empty, so
// that a codec lists its fields and asks once at the end.
class json_fields {
 public:
  // `place` is in front of every key in errors: "", "[3]", "data".
  json_fields(const json_source& source, std::string place, const simdjson::dom::element& object);

  std::string required_string(std::string_view key);  // not empty
  std::string string(std::string_view key);           // "" when missing
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key);
  std::optional<simdjson::dom::element> any(std::string_view key);
  std::optional<simdjson::dom::array> array(std::string_view key);

  // The fields below `key`, all of them missing when it is. What fails there has failed here too.
  json_fields object(std::string_view key);
  std::vector<json_fields> objects(std::string_view key);  // of an array; empty when it is missing

  // "data.result", for errors of what array() or any() gave.
  std::string place_of(std::string_view key) const;

  void fail(std::string_view key, std::string_view problem);
  void fail(const parse_error& error);
  const std::optional<parse_error>& error() const { return *error_; }

 private:
  json_fields(const json_fields& outer, std::string place, const simdjson::dom::element* object);  // null: missing

  void enter(const simdjson::dom::element& element);
  template <class T>
  std::optional<T> typed(std::string_view key, std::string_view expected);

  const json_source* source_;
  std::string place_;
  std::optional<simdjson::dom::object> object_;
  std::shared_ptr<std::optional<parse_error>> error_;  // of the outermost object and all below it
};

}  // namespace ebb::proto
