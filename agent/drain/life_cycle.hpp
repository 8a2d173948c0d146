#pragma once
// The life of a node from the first look at the executor to the last look at the deny list.
//
//   starting → admitting → serving ⇄ paused
//                 └──────────┴───→ draining{ denying → quiescing → drained } → stopping → stopped
//
// Level-triggered: each step looks at what is (causes, entry, samples, deadline), does one thing, and waits for a
// change.
#include <functional>

#include "agent/drain/journal.hpp"
#include "agent/drain/node.hpp"
#include "agent/keeper/keeper.hpp"
#include "agent/rt/supervisor.hpp"

namespace ebb::drain {

class life_cycle {
 public:
  // What it asks of others, beside the keeper: one look at /live now (false: nobody listens there), and, when
  // everything else is done, to say the last word and to log out.
  struct ports {
    std::function<rt::task<bool>()> still_there;
    std::function<rt::task<>(rt::deadline)> last_word;
    std::function<rt::task<>(rt::deadline)> log_out;
  };

  life_cycle(node& n, keeper::keeper& k, journal& j, rt::supervisor& init, ports p)
      : node_(n), keeper_(k), journal_(j), init_(init), ports_(std::move(p)) {}

  // Returns when the executor has gone and everything that had to be said is said.
  rt::task<> run();

 private:
  // serve.cpp
  rt::task<> serve();
  rt::task<> wait_until_live();
  rt::task<> wait_for_first_look();
  rt::task<> admit();

  // drain.cpp
  rt::task<> drain();
  void begin_drain();
  void refresh_plan();
  std::optional<rt::duration> usable() const;
  core::list_rule list_rule() const;
  rt::task<bool> released();
  rt::task<> wait_for_change(std::uint64_t seen);
  void end_drain(core::drain_outcome outcome, std::string why);

  // stop.cpp
  rt::task<> stop();
  rt::task<> take_entry_off(rt::deadline dl);
  rt::task<> wait_for_kubelet();
  rt::task<> leave();
  rt::task<> leave_executor_behind();
  rt::task<> step_aside();
  rt::task<> say_farewell(rt::deadline end);

  bool interrupted() const { return node_.executor_ended() || !node_.life.causes.empty() || node_.life.hurried; }
  void enter(core::state s, core::phase p, std::string why) { journal_.transition(s, p, std::move(why)); }
  void send_plan();

  node& node_;
  keeper::keeper& keeper_;
  journal& journal_;
  rt::supervisor& init_;
  ports ports_;
  std::optional<rt::time_point> told_stop_at_, told_deadline_;
};

}  // namespace ebb::drain
