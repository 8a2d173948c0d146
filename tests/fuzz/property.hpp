#pragma once
// What fuzz targets claim of the code under test.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace ebb::fuzz {

// Ends the process, which the fuzzer and the replay both take as a failure, in every kind of build.
inline void require(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// One line of printable text, as errors must be.
inline bool is_one_line(std::string_view line) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return false;
  }
  return true;
}

}  // namespace ebb::fuzz
