#pragma once
// Everything worth telling about a node's life: each is one function that writes the log line and counts the metric,
// and a transition is saved with init besides. The names of the events are an interface.
#include <string>

#include "agent/drain/node.hpp"
#include "agent/keeper/keeper.hpp"
#include "agent/rt/log.hpp"
#include "agent/rt/supervisor.hpp"

namespace ebb::drain {

// What an Event on the pod says.
struct pod_event {
  std::string_view reason;  // one word, as Kubernetes has them: "Draining"
  std::string note;
  bool warning = false;
  bool always = false;  // of the drain that ends this container
};

class journal {
 public:
  journal(node& n, rt::logger& log, rt::supervisor& init, std::function<void(pod_event)> events = {})
      : node_(n), log_(log), init_(init), events_(std::move(events)) {}

  // Every change of state and phase goes through here.
  void transition(core::state to, core::phase p, std::string why);

  // A cause joins the drain, or begins one. `at`: when it happened.
  void join(core::cause c, std::string reason, rt::time_point at);
  // A withdrawable cause goes. All of them: undrain.
  void withdraw(core::cause c);
  void undrain();
  // A hook is waited for. Of several at once the first one counts, unless it is older than any can be.
  void hook_waits(rt::duration longest);
  void hook_ended();
  void hurry(std::string reason);

  // The pod and its node, as the API tells of them.
  void pod_deleted(rt::duration grace, bool clock_believed);
  void pod_not_deleted();
  void pod_trouble();
  void disruption();
  void nothing_holds_sigterm();
  void node_shuts_down();
  void node_trouble();

  void drain_planned();
  void progress();
  void vetoed(double fragments);
  void drain_ended(core::drain_outcome outcome);
  void executor_live();
  void metric_found();
  void executor_signalled();
  void executor_exited();
  void entry_taken_off(bool confirmed);
  void entry_left(std::string why);
  void stop_signal(std::uint32_t count, bool hurry);
  void list(keeper::incident i, const keeper::view& v);
  void save();

 private:
  void end_phase(core::phase left);
  void tell_pod(std::string_view reason, std::string note, bool warning = false);

  node& node_;
  rt::logger& log_;
  rt::supervisor& init_;
  std::function<void(pod_event)> events_;
  rt::time_point phase_since_{};
  rt::time_point progress_at_{};
  std::string progress_kind_;
};

}  // namespace ebb::drain
