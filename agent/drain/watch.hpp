#pragma once
// Looks at the executor: /live until it is live, its load now and then while it serves, and on the grid of polls while
// it is being drained. Everything that goes to the executor's port goes through here, one request at a time.
#include "agent/core/stand_in.hpp"
#include "agent/drain/journal.hpp"
#include "agent/drain/node.hpp"
#include "agent/upstream/executor.hpp"
#include "agent/upstream/prometheus.hpp"

namespace ebb::drain {

constexpr rt::duration look_while_serving = std::chrono::seconds(15);
constexpr rt::duration look_beside = std::chrono::seconds(5);  // in a sidecar, where nobody tells of an end
constexpr rt::duration look_while_starting = std::chrono::seconds(1);

class watch {
 public:
  watch(node& n, journal& j, upstream::executor_port& executor, upstream::prometheus_server& prometheus)
      : node_(n), journal_(j), executor_(executor), prometheus_(prometheus) {}

  // The duty; returns when the executor has ended.
  rt::task<> run();

  // One look at /live out of turn. False: nobody listens there.
  rt::task<bool> still_there();

 private:
  rt::task<> look_live();
  rt::task<> look_for_end();
  rt::task<> look_serving();
  rt::task<> sample_draining(rt::time_point due);
  rt::task<bool> stand_in();
  rt::task<> ask_for_veto();
  void took(const upstream::load_look& look);
  rt::time_point next_due() const;

  bool told_metric_ = false;
  core::unix_ms told_by_prometheus_{};  // the newest sample that the judge was given
  node& node_;
  journal& journal_;
  upstream::executor_port& executor_;
  upstream::prometheus_server& prometheus_;
};

// The first point of the grid origin + k * step that lies after `now`.
rt::time_point next_on_grid(rt::time_point origin, rt::duration step, rt::time_point now);

}  // namespace ebb::drain
