// The deny list: what is read is written back and read the same.
#include "proto/dremio/deny_list.hpp"
#include "tests/fuzz/property.hpp"

using ebb::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto list = ebb::dremio::parse_deny_list(ebb::fuzz::text(data, size));
  if (list.has_error()) {
    require(ebb::fuzz::is_one_line(list.error().what), "an error is one line");
    return 0;
  }
  const auto again = ebb::dremio::parse_deny_list(ebb::dremio::write_deny_list(*list));
  require(again.has_value() && *again == *list, "a list survives writing and reading");
  return 0;
}
