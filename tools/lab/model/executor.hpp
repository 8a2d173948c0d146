#pragma once
// One executor's life as the coordinator and the agent beside it see it: starts, registers, serves /live and /metrics,
// runs fragments, and on SIGTERM does what Dremio's JVM does: closes its web-admin port first, waits for fragments
// while it is still registered (and still gets new ones), then unregisters and exits 143.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/lab/model/exchange.hpp"
#include "tools/lab/model/page.hpp"

namespace ebb::lab {

class executor {
 public:
  struct options {
    std::string name;
    std::string ip = "127.0.0.1";
    std::string tag;
    release dremio = release::v25_2;
    duration startup = 2s;
    duration grace = 5s;    // dremio.termination_grace_period_seconds
    duration leaving = 1s;  // from unregistering to the end of the process
    bool healthy = true;    // false: /live answers 500
  };
  enum class phase { down, starting, serving, waiting, leaving, ended };

  explicit executor(options o);

  void spawn(time_point now);  // also anew after an end
  void stop_signal(time_point now);
  void kill(time_point now);

  void start_fragment(std::uint64_t fragment, std::uint64_t query, duration lasts, time_point now);
  void cancel_fragment(std::uint64_t fragment);
  // While held, fragments do not end.
  void hold(bool held) { held_ = held; }

  // What has happened by now, in order. To be called at next_event() and after each call above.
  struct action {
    enum class kind { join, leave, fragment_done, exit } what;
    std::uint64_t fragment = 0;
    int wait_status = 0;  // of exit, as waitpid gives it
  };
  std::vector<action> advance(time_point now);
  std::optional<time_point> next_event() const;

  bool listening() const { return phase_ == phase::serving; }  // the web-admin port; closed means refused
  answer handle(const call& c) const;

  bool accepts_fragments() const { return phase_ == phase::serving || phase_ == phase::waiting; }
  bool alive() const { return phase_ != phase::down && phase_ != phase::ended; }
  phase now_in() const { return phase_; }
  int fragments() const { return static_cast<int>(running_.size()); }
  const options& facts() const { return options_; }
  options& facts() { return options_; }
  void distort(distortion d) { distortion_ = d; }

 private:
  struct fragment {
    std::uint64_t query;
    time_point ends;
  };
  void end(int wait_status);
  void forget(std::map<std::uint64_t, fragment>::iterator f);
  void finish_fragments(time_point now);
  bool idle_or_out_of_patience(time_point now) const { return running_.empty() || now >= until_; }

  options options_;
  page page_;
  phase phase_ = phase::down;
  time_point until_{};  // end of starting, of the grace, of leaving
  std::map<std::uint64_t, fragment> running_;
  std::map<std::uint64_t, int> queries_;  // running fragments of each
  std::uint64_t started_ = 0;
  std::uint64_t ended_ = 0;
  bool held_ = false;
  distortion distortion_ = distortion::none;
  std::vector<action> happened_;
};

}  // namespace ebb::lab
