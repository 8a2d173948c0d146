#pragma once
// A whole Dremio in one object: coordinator, planner, load and executors, moved along by whoever owns the time.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/lab/model/coordinator.hpp"
#include "tools/lab/model/executor.hpp"
#include "tools/lab/model/load.hpp"
#include "tools/lab/model/planner.hpp"

namespace ebb::lab {

class cluster {
 public:
  cluster(coordinator::options o, load::options queries, draw random);
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  executor& add(executor::options o);  // not started yet; the reference stays good
  executor& at(std::string_view name) { return *executors_.find(name)->second; }
  coordinator& head() { return coordinator_; }
  planner& plans() { return planner_; }

  // The signals of executors, and one that dies with its machine. They take effect at once.
  void spawn(std::string_view name, time_point now);
  void stop_signal(std::string_view name, time_point now);
  void kill(std::string_view name, time_point now);

  // Brings everything up to `now`, in the order of time. next_event(): the latest moment for the next call; the past
  // when something is due.
  void advance(time_point now);
  std::optional<time_point> next_event() const;

  // What happened to executors, for reports and assertions.
  struct event {
    enum class kind { spawned, joined, signalled, killed, left, exited } what;
    time_point at;
    std::string node;
    int fragments = 0;    // running there at that moment
    int pending = 0;      // of them and of plans that had not started
    int wait_status = 0;  // of exited
  };
  const std::vector<event>& events() const { return events_; }

 private:
  void step(time_point now);
  void settle(executor& e, time_point now);
  void carry_out(const planner::order& o, time_point now);
  void note(event::kind what, const executor& e, time_point now, int wait_status = 0);

  coordinator coordinator_;
  planner planner_;
  load load_;
  std::map<std::string, std::unique_ptr<executor>, std::less<>> executors_;
  std::vector<event> events_;
  time_point reached_ = time_point::min();
};

}  // namespace ebb::lab
