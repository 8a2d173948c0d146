#pragma once
// The Kubernetes around a fleet: an API server with a pod for each container, and what controllers, kubelets and people
// do to pods, as a real node of 1.36 does it (contract C): a grace is counted in full from when the kubelet notices, a
// second, shorter deletion does not speed it up, a forced one leaves 2 s.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/fleet/api_server.hpp"
#include "tests/sim/fleet/command.hpp"
#include "tests/sim/fleet/container.hpp"

namespace ebb::sim {

class fleet;

enum class pre_stop { none, hook, drain_wait };  // `ebb hook -a add`, and an httpGet of /drain/wait

struct kubernetes_options {
  std::chrono::seconds grace{600};  // terminationGracePeriodSeconds
  pre_stop before_stop = pre_stop::none;
  bool permitted = true;         // the Role of deploy/rbac.yaml
  bool nodes_permitted = true;   // its optional ClusterRole
  bool successors = true;        // the StatefulSet makes a new pod where one was deleted
  rt::duration notices = 300ms;  // the kubelet sees a change after 50 ms at least, and this at most
  rt::duration skew{0};          // of the API server's clock, from the beginning
  std::string name_space = "dremio";
};

class kubelet {
 public:
  static constexpr rt::duration least_kill = 2s;  // SIGKILL never comes sooner after SIGTERM
  static constexpr rt::duration shutdown_grace = 15s;

  // `shared`: another fleet's API server; null: one of its own.
  kubelet(fleet& f, kubernetes_options o, api_server* shared = nullptr);

  api_server& api() { return api_; }
  api_model& model() { return api_.model(); }

  // A pod for the container: object, token, settings. The container is not started.
  void give_pod(int i, const std::string& pod);
  std::string pod_of(int i) const { return members_.at(static_cast<std::size_t>(i)).pod; }
  std::string uid_of(int i) const { return members_.at(static_cast<std::size_t>(i)).uid; }
  std::string node_of(int i) const { return "node-of-" + pod_of(i); }
  api_state object_of(int i);  // null: gone, or another's by now
  std::optional<rt::wall_time> deletion_of(int i);

  // --- ends of pods and containers
  void delete_pod(int i, std::optional<std::int64_t> grace = {});  // 0: by force
  void evict(int i);                                               // DisruptionTarget, then a deletion
  void restart_container(int i);                                   // liveness: the same pod goes on
  void shut_node_down(int i);                                      // nothing on the pod until its end
  // The object goes by force, and the node cannot be reached: the container knows nothing and runs on.
  void lose_pod(int i);

  // --- changes
  void annotate(int i, std::string key, std::optional<std::string> value);
  void cordon(int i, bool on);
  void taint(int i, std::string key, bool on);
  void skew(rt::duration by) { api_.machine().clock().jump(by); }
  // Every pod has a new token; the old ones end after `overlap`.
  void rotate_tokens(rt::duration overlap);

  // When the container was last told to end and killed by the kubelet.
  std::optional<rt::time_point> told(int i) const { return members_.at(static_cast<std::size_t>(i)).told; }
  std::optional<rt::time_point> killed(int i) const { return members_.at(static_cast<std::size_t>(i)).killed; }

  // Requests that an agent made since, other than watches.
  std::size_t requests_of(const std::string& pod, rt::time_point since, const std::string& resource = {});

 private:
  struct member {
    std::string pod, uid, token;
    std::uint64_t round = 0;  // raised whenever the kubelet begins or ends to end the container
    bool ending = false;
    bool pod_goes = false;      // with the container
    bool starts_again = false;  // the same pod
    bool node_down = false;
    rt::time_point began{}, kill_at{};
    std::unique_ptr<command> hook;
    std::shared_ptr<container::answer> held;
    std::optional<rt::time_point> told, killed;
  };
  member& at(int i) { return members_.at(static_cast<std::size_t>(i)); }
  void later(int i, rt::duration d, std::function<void()> what);  // unless the round is over by then
  rt::duration latency();
  void put_token(int i);
  void end_container(int i, rt::duration grace, bool with_hook);
  void run_hook(int i);
  void wait_for_hook(int i, rt::duration grace);
  void tell_to_end(int i);
  void container_ended(int i);
  void report_failure(int i);
  void make_successor(int i);
  void collect();

  fleet& fleet_;
  world& world_;
  kubernetes_options options_;
  random draws_;
  std::unique_ptr<api_server> own_;
  api_server& api_;
  std::vector<member> members_;
};

}  // namespace ebb::sim
