// A packet of the pair: what decodes is canonical, and every other is refused by name.
#include "proto/init/records.hpp"
#include "tests/fuzz/property.hpp"

using namespace ebb::pair;
using ebb::fuzz::require;

// Short inputs are the beginning of a packet: the fuzzer need not find the zeros behind the fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  require(!decode(std::as_bytes(std::span(data, size))) || size == record_size, "only a whole packet is a record");
  packet p{};
  for (std::size_t i = 0; i < std::min(size, p.size()); ++i) p[i] = static_cast<std::byte>(data[i]);
  const auto r = decode(p);
  if (!r) {
    require(r.error().message() != "unknown error", "an error has a name");
    return 0;
  }
  packet again;
  encode(*r, again);
  require(again == p, "what decodes encodes to the same bytes");
  return 0;
}
