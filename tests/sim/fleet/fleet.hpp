#pragma once
// A Dremio cluster whose executors each stand next to a real agent, on virtual time: the lab's models behind the
// simulated network, the agent's own code on the simulator's seams, init's own decisions around it.
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "tests/sim/fleet/container.hpp"
#include "tests/sim/fleet/kubelet.hpp"
#include "tests/support/sim/scenario.hpp"
#include "tools/lab/model/cluster.hpp"
#include "tools/lab/model/faults.hpp"

namespace ebb::sim {

constexpr auto coordinator_name = "coordinator";
constexpr std::uint16_t coordinator_port = 9047;

// An executor as Ebb starts it: with 1 s for fragments of its own accord, so that nothing hides an early release.
lab::executor::options quick_to_leave();

struct fleet_options {
  int executors = 3;
  std::string prefix;  // of all names, where there are several fleets in one world
  lab::coordinator::options coordinator;
  lab::load::options load;
  lab::executor::options executor = quick_to_leave();  // name is filled in
  config::settings settings;                           // dremio.url, credentials and node_name are filled in
  bool wait_until_serving = true;                      // the constructor runs the world until all are
  bool agents = true;  // false: executors stand alone, for commands that do without; they serve as soon as they listen

  // Each container has a pod, and Kubernetes is around it. Nothing: there is none.
  std::optional<kubernetes_options> kubernetes;
  api_server* api = nullptr;  // of another fleet, shared
  int idle_containers = 0;    // of the executors, the last so many are not started: for successors elsewhere

  // Controls: with one of these a rule of Ebb is as good as turned off, and the tests have to notice.
  bool no_read_back = false;     // who has written is told that its own write stands, whatever the list is
  bool unknown_is_zero = false;  // a page that says nothing of fragments says 0
};

// "executor-0" and so on.
std::string executor_name(int i);

// Settings of an agent that logs in with the lab's password.
config::settings agent_settings();

// A load that keeps every executor busy, with queries that do not last long.
lab::load::options steady_load(double per_second);
lab::load::options no_load();

class fleet {
 public:
  fleet(world& w, fleet_options o);

  world& home() { return world_; }
  lab::cluster& cluster() { return cluster_; }
  lab::faults& faults() { return faults_; }  // of calls to the coordinator
  container& at(int i) { return *containers_.at(static_cast<std::size_t>(i)); }
  int size() const { return static_cast<int>(containers_.size()); }
  host& coordinator() { return *coordinator_; }
  kubelet& kube() { return *kubelet_; }  // only with `kubernetes`

  // Brings the models up to the world's time and arranges the next time to do so. To be called after each change.
  void pump();

  // Every executor's state as its agent says it; true when all are as given.
  bool all(core::state s);
  std::size_t lost() { return cluster_.plans().count(lab::outcome::lost); }
  bool unknown_is_zero() const { return options_.unknown_is_zero; }
  bool has_agents() const { return options_.agents; }
  std::string name_of(int i) const { return options_.prefix + executor_name(i); }
  bool denied(int i) { return cluster_.head().denied().holds(name_of(i)); }
  std::vector<std::string> list() { return cluster_.head().denied().entries(); }
  // Reads and writes of the list that an agent asked for in that time.
  std::size_t list_calls(int i, rt::time_point from, rt::time_point until) const;
  void write_list(std::vector<std::string> entries);  // as another writer does

  // Work that the planner knows nothing of: it holds the node busy and loses no query.
  void start_fragment(int i, rt::duration lasts);

  // Fragments that run and are planned on the node at the moment at which it was told to stop; nothing: it was not.
  std::optional<int> pending_when_signalled(int i) const;
  // Virtual time from `from` to the moment at which the executor was told to stop.
  std::optional<rt::duration> signalled_after(int i, rt::time_point from) const;

 private:
  rt::task<> serve_coordinator(host& h);
  rt::task<http::response> answer(http::request req);
  void lie_about_the_list(const lab::call& c, const std::string& peer, lab::answer& a);
  void reset_connections_of(const std::string& address);

  world& world_;
  fleet_options options_;
  lab::cluster cluster_;
  lab::faults faults_;
  host* coordinator_ = nullptr;
  std::unique_ptr<kubelet> kubelet_;
  std::vector<std::unique_ptr<container>> containers_;
  std::map<std::string, std::string> written_;  // the last list that each address wrote, for no_read_back
  std::map<std::string, std::vector<rt::time_point>> list_calls_;  // by address
  std::size_t events_seen_ = 0;
  std::optional<rt::time_point> next_pump_;
};

// Runs the world until the container has ended, or the node's agent has saved that state: whether it came to that.
bool ends_within(world& w, const container& c, rt::duration limit);
bool reaches(world& w, const container& c, core::state s, rt::duration limit);
bool reaches(world& w, const container& c, core::phase p, rt::duration limit);

// The answer of the agent, waited for.
container::answer asked(world& w, container& c, std::string method, std::string target, std::uint16_t port = 9012);

}  // namespace ebb::sim
