#pragma once
// A host's clocks: monotonic time that runs too fast or too slow, calendar time that is off and jumps.
#include "agent/rt/clock.hpp"

namespace ebb::sim {

class host;

// What calendars say when a world starts, unless they are off.
inline constexpr rt::wall_time calendar_start{std::chrono::seconds(1'767'225'600)};

class clock final : public rt::clock_source {
 public:
  explicit clock(host& owner);

  rt::time_point now() const noexcept override;
  rt::wall_time wall_now() const noexcept override;
  rt::task<> sleep_until(rt::time_point at) override;

  // From now on monotonic time gains `ppm` millionths of the world's (or loses, when negative).
  void drift(int ppm);
  // Calendar time is set forward or back.
  void jump(rt::duration by) { wall_offset_ += by; }

 private:
  rt::duration since_anchor() const noexcept;

  host& owner_;
  rt::time_point world_anchor_;
  rt::time_point local_anchor_;
  rt::duration wall_offset_{0};
  std::int64_t ppm_ = 0;
};

}  // namespace ebb::sim
