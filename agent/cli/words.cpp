#include "agent/cli/words.hpp"

#include <chrono>

namespace ebb::cli {

namespace {

std::string two(long long large, std::string_view large_unit, long long small, std::string_view small_unit) {
  auto out = std::to_string(large) + " " + std::string(large_unit);
  if (small != 0) out += " " + std::to_string(small) + " " + std::string(small_unit);
  return out;
}

}  // namespace

std::string span_text(core::duration d) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(d).count();
  if (ms <= 0) return "0 s";
  if (ms < 10'000) return std::to_string(ms / 1'000) + "." + std::to_string(ms / 100 % 10) + " s";
  const auto s = ms / 1'000;
  if (s < 60) return std::to_string(s) + " s";
  if (s < 3'600) return two(s / 60, "min", s % 60, "s");
  if (s < 86'400) return two(s / 3'600, "h", s / 60 % 60, "min");
  return two(s / 86'400, "d", s / 3'600 % 24, "h");
}

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  auto out = std::to_string(n) + " ";
  if (n == 1) return out.append(one);
  return many.empty() ? out.append(one).append("s") : out.append(many);
}

std::string drained_text(bool on_the_list) {
  return std::string("drained: no fragment is left") +
         (on_the_list ? ", and the node is on the deny list" : "; the deny list could not be had");
}

}  // namespace ebb::cli
