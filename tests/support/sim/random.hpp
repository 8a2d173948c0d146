#pragma once
// Seeded randomness that does not depend on the standard library's distributions: the same seed gives the same run
// with every compiler. A generator is split by purpose, so that a draw added in one place does not reshuffle another.
#include <cstdint>
#include <string_view>

#include "agent/rt/random.hpp"

namespace ebb::sim {

class random final : public rt::random_source {
 public:
  explicit random(std::uint64_t seed) : seed_(seed), state_(seed) {}

  // SplitMix64 (Steele, Lea, Flood 2014): one word of state, passes BigCrush.
  std::uint64_t next() override {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }

  // Depends on the seed and the purpose only, not on how much has been drawn.
  random fork(std::string_view purpose) const {
    std::uint64_t hash = 0xcbf29ce484222325U ^ seed_;
    for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return random(random(hash).next());
  }

  bool chance(double probability) { return probability > 0 && unit() < probability; }
  std::size_t below(std::size_t bound) { return bound < 2 ? 0 : static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t seed_;
  std::uint64_t state_;
};

}  // namespace ebb::sim
