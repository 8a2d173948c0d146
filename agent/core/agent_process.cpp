#include "agent/core/agent_process.hpp"

#include <algorithm>

namespace ebb::core {

void agent_process::starting() {
  phase_ = phase::starting;
  due_ = time_point::max();
}

void agent_process::started(time_point now, int pid) {
  phase_ = phase::connected;
  pid_ = pid;
  generation_ = starts_++;
  since_ = now;
  due_ = now + silence;
}

void agent_process::heard(time_point now) {
  if (connected()) due_ = now + silence;
}

void agent_process::disconnect(time_point kill_at) {
  phase_ = phase::disconnected;
  due_ = kill_at;
}

void agent_process::ended(time_point now) {
  bool lived_well = pid_ != 0 && now - since_ >= good_life;
  if (lived_well) back_off_ = first_back_off;
  phase_ = phase::absent;
  pid_ = 0;
  due_ = now + back_off_;
  back_off_ = std::min<duration>(2 * back_off_, last_back_off);
}

}  // namespace ebb::core
