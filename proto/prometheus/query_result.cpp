#include "proto/prometheus/query_result.hpp"

#include <cmath>
#include <stdexcept>

#include <boost/throw_exception.hpp>

#include "proto/json.hpp"
#include "proto/printable.hpp"
#include "proto/prometheus/number.hpp"

namespace ebb::prometheus {
namespace {

namespace dom = simdjson::dom;
using proto::parse_error;

constexpr proto::json_source source{"query result", query_body_limit};
constexpr double last_second = 253'402'300'799;  // of the year 9999; everything up to it fits into milliseconds

// [1435781451.781, "1"]
struct raw_point {
  milliseconds_since_epoch at;
  std::string_view text;
};

parse_error no_point(std::string_view place, const dom::element& value) {
  return proto::unexpected(source, place, value, "[seconds, \"value\"]");
}

proto::result<raw_point> read_raw_point(std::string_view place, const dom::element& value) {
  dom::array pair;
  double seconds = 0;
  raw_point read;
  if (value.get(pair) != simdjson::SUCCESS || pair.size() != 2) return no_point(place, value);
  if (pair.at(0).get(seconds) != simdjson::SUCCESS || std::abs(seconds) > last_second) return no_point(place, value);
  if (pair.at(1).get(read.text) != simdjson::SUCCESS) return no_point(place, value);
  read.at = milliseconds_since_epoch(std::chrono::milliseconds(std::llround(seconds * 1000)));
  return read;
}

proto::result<point> read_point(std::string_view place, const dom::element& value) {
  const proto::result<raw_point> raw = read_raw_point(place, value);
  if (!raw) return raw.error();
  const std::optional<double> number = parse_number(raw->text);
  if (!number) {
    return parse_error(
        source.name, std::string(place) + " has the value " + proto::quoted_excerpt(raw->text) + ", expected a number");
  }
  return point{raw->at, *number};
}

proto::result<void> read_labels_of(std::string_view place, const dom::element& metric, series& to) {
  dom::object labels;
  if (metric.get(labels) != simdjson::SUCCESS) return proto::unexpected(source, place, metric, "an object");
  for (const dom::key_value_pair& field : labels) {
    std::string_view value;
    if (field.value.get(value) != simdjson::SUCCESS) {
      return proto::unexpected(source, place, field.value, "strings as values");
    }
    to.labels.emplace_back(field.key, value);
  }
  return {};
}

std::size_t histograms_of(proto::json_fields& fields) {
  if (const auto many = fields.array("histograms")) return many->size();
  return fields.any("histogram") ? 1 : 0;
}

// One element of a vector ("value") or of a matrix ("values").
proto::result<void> read_series(const std::string& place, const dom::element& element, query_result& to) {
  proto::json_fields fields(source, place, element);
  series one;
  if (const auto metric = fields.any("metric")) {
    if (const auto read = read_labels_of(fields.place_of("metric"), *metric, one); !read) return read.error();
  }
  if (const auto value = fields.any("value")) {
    const proto::result<point> read = read_point(fields.place_of("value"), *value);
    if (!read) return read.error();
    one.points.push_back(*read);
  }
  if (const auto values = fields.array("values")) {
    one.points.reserve(values->size());
    for (const dom::element value : *values) {
      const proto::result<point> read = read_point(fields.place_of("values"), value);
      if (!read) return read.error();
      one.points.push_back(*read);
    }
  }
  const std::size_t histograms = histograms_of(fields);
  if (fields.error()) return *fields.error();
  if (one.points.empty() && histograms == 0) {
    return parse_error(source.name, place + " has no value, expected \"value\", \"values\" or \"histogram\"");
  }
  to.histograms += histograms;
  if (!one.points.empty()) to.series.push_back(std::move(one));
  return {};
}

proto::result<void> read_all_series(const dom::element& result, query_result& to) {
  dom::array elements;
  if (result.get(elements) != simdjson::SUCCESS) return proto::unexpected(source, "data.result", result, "an array");
  std::size_t index = 0;
  for (const dom::element element : elements) {
    if (index == series_limit) {
      return parse_error(source.name, "data.result has more than " + std::to_string(series_limit) + " series");
    }
    const std::string place = "data.result[" + std::to_string(index++) + "]";
    if (const auto read = read_series(place, element, to); !read) return read.error();
  }
  return {};
}

proto::result<void> read_scalar(const dom::element& result, query_result& to) {
  const proto::result<point> read = read_point("data.result", result);
  if (!read) return read.error();
  to.series.emplace_back().points.push_back(*read);
  return {};
}

proto::result<void> read_text(const dom::element& result, query_result& to) {
  const proto::result<raw_point> read = read_raw_point("data.result", result);
  if (!read) return read.error();
  to.text = read->text;
  return {};
}

proto::result<void> read_data(const dom::element& data, query_result& to) {
  proto::json_fields fields(source, "data", data);
  const std::string type = fields.required_string("resultType");
  const std::optional<dom::element> result = fields.any("result");
  if (!result) fields.fail("result", "is missing, expected an array");
  if (fields.error()) return *fields.error();
  if (type == "vector" || type == "matrix") {
    to.type = type == "vector" ? result_type::vector : result_type::matrix;
    return read_all_series(*result, to);
  }
  if (type == "scalar") {
    to.type = result_type::scalar;
    return read_scalar(*result, to);
  }
  if (type == "string") {
    to.type = result_type::string;
    return read_text(*result, to);
  }
  return parse_error(
      source.name, "data.resultType is " + proto::quoted_excerpt(type) + ", expected vector, matrix, scalar or string");
}

std::vector<std::string> read_notes(proto::json_fields& fields, std::string_view key) {
  std::vector<std::string> notes;
  if (const auto array = fields.array(key)) {
    for (const dom::element element : *array) {
      std::string_view text;
      if (notes.size() == notes_limit) break;
      if (element.get(text) == simdjson::SUCCESS) notes.push_back(proto::printable(text, note_length_limit));
    }
  }
  return notes;
}

query_error not_prometheus(const parse_error& error) { return {"not_prometheus", error.what}; }

}  // namespace

std::string_view series::label(std::string_view name) const {
  for (const auto& [key, value] : labels) {
    if (key == name) return value;
  }
  return {};
}

void throw_exception_from_error(const query_error& error, const boost::source_location& where) {
  boost::throw_with_location(std::runtime_error(error.type + ": " + error.what), where);
}

boost::system::result<query_result, query_error> parse_query_result(std::string_view body) {
  const proto::result<proto::json_document> document = proto::json_document::parse(source, body);
  if (!document) return not_prometheus(document.error());
  proto::json_fields fields(source, "", document->root());
  const std::string status = fields.required_string("status");
  if (status == "error") {
    const std::string type = fields.required_string("errorType");
    const std::string text = fields.string("error");
    if (fields.error()) return not_prometheus(*fields.error());
    return query_error(proto::printable(type), proto::printable(text, note_length_limit));
  }
  if (!status.empty() && status != "success") fields.fail("status", "is neither success nor error");
  query_result read;
  read.warnings = read_notes(fields, "warnings");
  read.infos = read_notes(fields, "infos");
  const std::optional<dom::element> data = fields.any("data");
  if (!data) fields.fail("data", "is missing, expected an object");
  if (fields.error()) return not_prometheus(*fields.error());
  if (const auto data_read = read_data(*data, read); !data_read) return not_prometheus(data_read.error());
  return read;
}

}  // namespace ebb::prometheus
