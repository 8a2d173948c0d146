// Answers of the Prometheus API: an error is one line; what is read has points in every series.
#include "proto/prometheus/query_result.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = ebb::prometheus::parse_query_result(ebb::fuzz::text(data, size));
  if (read.has_error()) {
    const auto error = read.error();
    require(!error.type.empty() && ebb::fuzz::is_one_line(error.type), "an error has a type");
    require(ebb::fuzz::is_one_line(error.what), "an error is one line");
    return 0;
  }
  for (const auto& series : read->series) require(!series.points.empty(), "a series has points");
  require(read->warnings.size() <= ebb::prometheus::notes_limit, "warnings are bounded");
  return 0;
}
