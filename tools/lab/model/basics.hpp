#pragma once
// The vocabulary of the lab's models. They are pure: time is passed in, chance comes through a function, and nothing
// here reads a socket, a file or a clock, so that the same models run behind real ports and on virtual time.
#include <chrono>
#include <cstdint>
#include <functional>

namespace ebb::lab {

using namespace std::chrono_literals;
using duration = std::chrono::nanoseconds;
using time_point = std::chrono::time_point<std::chrono::steady_clock, duration>;
using wall_time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// Uniform in [0, 1).
using draw = std::function<double()>;

// Records that a model keeps for reports and tests; beyond it the newest are dropped and counted.
constexpr std::size_t record_limit = 2'000'000;

// A small generator (splitmix64): the same seed gives the same stream on every machine.
class seeded {
 public:
  explicit seeded(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double operator()() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

// A span of time, from which a value is drawn evenly.
struct span {
  duration least{0};
  duration most{0};
  duration at(double unit) const {
    return least + duration(static_cast<std::int64_t>(static_cast<double>((most - least).count()) * unit));
  }
};

}  // namespace ebb::lab
