#pragma once
#include "agent/rt/clock.hpp"

namespace ebb::os {

// The machine's clocks.
class clock final : public rt::clock_source {
 public:
  rt::time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
  rt::wall_time wall_now() const noexcept override;
  rt::task<> sleep_until(rt::time_point at) override;
};

}  // namespace ebb::os
