// The node list, and its times by themselves.
#include "proto/dremio/node_list.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto rows = ebb::dremio::parse_node_list(ebb::fuzz::text(data, size));
  if (rows.has_error()) require(ebb::fuzz::is_one_line(rows.error().what), "an error is one line");
  ebb::proto::parse_iso_time(ebb::fuzz::text(data, size));
  return 0;
}
