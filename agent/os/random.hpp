#pragma once
#include <random>

#include "agent/rt/random.hpp"

namespace ebb::os {

// Seeded once by the kernel.
class random final : public rt::random_source {
 public:
  random();
  std::uint64_t next() override { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace ebb::os
