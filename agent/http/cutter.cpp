#include "agent/http/cutter.hpp"

namespace ebb::http {

void cutter::entry::in(rt::duration d) {
  at_ = owner_.clock_.now() + d;
  if (at_ >= owner_.wakes_at_) return;
  owner_.wakes_at_ = at_;
  owner_.sooner_.notify();
}

rt::time_point cutter::sweep() {
  const auto now = clock_.now();
  auto earliest = rt::time_point::max();
  for (auto& e : entries_) {
    if (e.at_ <= now) {
      e.never();
      e.stream_.close();
    }
    earliest = std::min(earliest, e.at_);
  }
  return earliest == rt::time_point::max() ? earliest : std::max(earliest, now + granularity);
}

rt::task<> cutter::run() {
  for (;;) {
    wakes_at_ = sweep();
    if (wakes_at_ == rt::time_point::max())
      co_await sooner_.wait();
    else
      co_await sooner_.wait(rt::deadline(clock_, wakes_at_));
  }
}

}  // namespace ebb::http
