// Error bodies: always one bounded line.
#include "proto/dremio/error_body.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto error = ebb::dremio::parse_error_body(ebb::fuzz::text(data, size));
  require(error.text.size() <= ebb::dremio::error_text_limit, "the text is bounded");
  require(ebb::fuzz::is_one_line(error.text), "the text is one line");
  return 0;
}
