#pragma once
// What one run of the demonstration has shown, as plain figures: seconds since the load began, counts, names.
#include <optional>
#include <string>
#include <vector>

#include "tools/lab/member_event.hpp"
#include "tools/lab/model/deny_list.hpp"
#include "tools/lab/model/planner.hpp"

namespace ebb::lab {

struct interval {
  double from = 0, to = 0;
};

struct node_story {
  std::string name;              // short
  std::optional<double> told;    // the pod was to stop
  std::optional<double> signal;  // SIGTERM reached the executor
  std::optional<double> left;    // the executor left the cluster or died
  std::optional<double> gone;    // the pod's process ended
  bool killed = false;           // by SIGKILL, when its time was over
  std::string failure;           // of a hook
  std::vector<interval> denied;  // while the list held it
  struct step {
    double at = 0;
    int running = 0;
  };
  std::vector<step> running;  // fragments
  std::vector<double> lost;   // when queries were lost because of this node
  int entries_lost = 0;       // times that a write of somebody else dropped its entry before it had left
  int entries_restored = 0;   // and times that it came back
  bool ever_denied = false;   // before it had left
};

struct story {
  std::string key;    // "bare", "hook", "ebb"
  std::string title;  // for people
  double length = 0;
  std::vector<node_story> nodes;
  std::size_t started = 0, finished = 0, lost = 0, refused = 0, running = 0;
  std::size_t list_writes = 0;
};

// What the demonstration itself knows of a node's end.
struct stop_record {
  std::string node;  // full name
  std::string short_name;
  std::optional<time_point> from;  // its life began then; what others of its name did before or after is not its own
  std::optional<time_point> told, gone;
  bool killed = false;
  std::string failure;
};

struct witnesses {
  const planner& plans;
  const deny_list& list;
  const std::vector<member_event>& events;
};
story tell(const witnesses& w, const std::vector<stop_record>& stops, time_point zero, time_point end);

// Of stopped nodes, in seconds from told to gone; 0 without any.
struct times_to_stop {
  double median = 0, longest = 0;
};
times_to_stop stopping_times(const story& s);

}  // namespace ebb::lab
