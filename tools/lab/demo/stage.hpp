#pragma once
// One run of the demonstration: a coordinator, executors under load, and pods that are stopped as a kubelet stops them,
// bare, with the shell hook's algorithm, or with Ebb around the executor.
#include <filesystem>
#include <string>
#include <vector>

#include "tools/lab/demo/children.hpp"
#include "tools/lab/demo/hook.hpp"
#include "tools/lab/demo/progress.hpp"
#include "tools/lab/demo/story.hpp"
#include "tools/lab/machine.hpp"
#include "tools/lab/site.hpp"

namespace ebb::lab {

enum class protection { bare, hook, ebb };

struct demo_settings {
  std::string lab;                       // the path of this program
  std::vector<std::string> environment;  // what processes inherit
  std::string ebb;                       // and of the agent
  std::filesystem::path out;             // report and logs
  std::uint64_t seed = 1;
  int executors = 12;
  duration length = 50s;      // of the load
  duration grace = 30s;       // of the pods
  duration latency = 20ms;    // of each call to the coordinator
  duration propagation = 1s;  // from the deny list to the planner
  duration scrape = 10s;      // interval of the hook's Prometheus
  double per_second = 6;
  span lasts{500ms, 8s};
  span plan_delay{0s, 2s};
  std::vector<duration> one_by_one{2s, 8s, 14s};  // one executor each, the highest ordinal first
  duration at_once = 20s;                         // then so many more
  int together = 5;
  span spread{0ms, 50ms};  // between those that are stopped at once
  std::string dremio = "24.3";
};

class stage {
 public:
  stage(machine& m, children& kids, progress& shown, const demo_settings& s, protection how);

  // Errors as text: a program that does not start, an executor that does not join.
  rt::task<story> play();
  const std::string& failure() const { return failure_; }
  std::string title() const;

 private:
  struct pod {
    stop_record record;
    std::uint16_t admin = 0, probes = 0, control = 0;
    child* process = nullptr;
    int ordinal = 0;
  };

  rt::task<> act(rt::nursery& around);
  rt::task<> load_and_stops();
  rt::task<> until_all_is_quiet(rt::nursery& watching);
  bool start_pods();
  bool start_pod(pod& p);
  rt::task<bool> all_joined();
  rt::task<> stop_pod(pod& p, time_point at);
  rt::task<std::string> before_stop(pod& p, time_point kill_at);
  rt::task<> show();
  std::vector<std::string> frame();
  void tell_end(const pod& p);
  std::vector<std::pair<int, duration>> stops() const;
  site::options site_options() const;
  std::size_t lost_at(const std::string& node) const;
  double since_zero() const { return std::chrono::duration<double>(machine_.clock.now() - zero_).count(); }

  machine& machine_;
  children& children_;
  progress& progress_;
  const demo_settings& settings_;
  protection how_;
  site site_;
  prometheus_stand_in prometheus_;
  std::vector<pod> pods_;
  std::pair<std::uint16_t, std::uint16_t> ports_;
  time_point zero_{};
  std::string failure_;
  story told_;
};

}  // namespace ebb::lab
