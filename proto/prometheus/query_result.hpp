#pragma once
// Answers of the Prometheus HTTP API, /api/v1/query (also of Thanos, Mimir and VictoriaMetrics, which speak it).
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/iso_time.hpp"
#include "proto/parse_error.hpp"

namespace ebb::prometheus {

inline constexpr std::size_t query_body_limit = 8 * 1024 * 1024;
inline constexpr std::size_t series_limit = 10'000;
inline constexpr std::size_t notes_limit = 10;         // warnings and infos that are kept of each
inline constexpr std::size_t note_length_limit = 200;  // bytes

using proto::milliseconds_since_epoch;

struct point {
  milliseconds_since_epoch at;  // of an instant query the time of evaluation, of a range selector the sample's own
  double value;                 // NaN and infinities as they come
};

struct series {
  std::vector<std::pair<std::string, std::string>> labels;  // __name__ among them, in the answer's order
  std::vector<point> points;                                // ascending as the server sends them; not checked

  std::string_view label(std::string_view name) const;  // "" when it has none
};

enum class result_type { vector, matrix, scalar, string };

struct query_result {
  result_type type = result_type::vector;
  std::vector<prometheus::series> series;  // of a scalar: one without labels; of a string: none
  std::string text;                        // of a string
  std::size_t histograms = 0;              // native histogram samples, which are skipped
  // Anything here means "possibly incomplete".
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
};

struct query_error {
  query_error() = default;
  query_error(std::string_view kind, std::string what) : type(kind), what(std::move(what)) {}
  // What Prometheus says (bad_data, execution, timeout, canceled, internal, not_found, not_acceptable, unavailable),
  // or "not_prometheus": the body is something else, as proxies send it, or cannot be read.
  std::string type;
  std::string what;  // one line
};

[[noreturn]] void throw_exception_from_error(const query_error& error, const boost::source_location& where);

// The status code does not matter: errors come as JSON with 400, 422, 499, 500 and 503, or from a proxy as anything.
boost::system::result<query_result, query_error> parse_query_result(std::string_view body);

}  // namespace ebb::prometheus
