#pragma once
// One container's life as lines of words: events go in at times since the executor's spawn, and what init does comes
// out.
#include <csignal>
#include <string>

#include "agent/core/supervise.hpp"
#include "tests/support/catch.hpp"

namespace ebb::core::told {

inline std::string to_text(const pair::record& r) {
  if (const auto* h = std::get_if<pair::hello>(&r)) {
    std::string text = "hello " + std::to_string(h->generation) + " stops " + std::to_string(h->stop_signals);
    if (h->stop_sent) text += " told";
    if (h->ended) text += " ended " + std::to_string(h->ended->exit_code());
    if (!h->saved.empty()) text += " saved " + std::to_string(h->saved.bytes().size());
    return text;
  }
  if (const auto* s = std::get_if<pair::signal_seen>(&r)) {
    return "seen " + std::to_string(s->signo) + " x" + std::to_string(s->count);
  }
  if (const auto* e = std::get_if<pair::exited>(&r)) return "exited " + std::to_string(e->how.exit_code());
  return "a record that only agents send";
}

struct to_words {
  std::string operator()(const spawn_agent&) const { return "spawn"; }
  std::string operator()(const send_record& a) const { return to_text(a.what); }
  std::string operator()(const close_pair&) const { return "close"; }
  std::string operator()(const signal_agent& a) const { return "agent<" + std::to_string(a.signo); }
  std::string operator()(const signal_executor& a) const { return "pid<" + std::to_string(a.signo); }
  std::string operator()(const signal_group& a) const { return "group<" + std::to_string(a.signo); }
  std::string operator()(const signal_descendants& a) const { return "rest<" + std::to_string(a.signo); }
  std::string operator()(const leave& a) const { return "leave " + std::to_string(a.code); }
};

constexpr int executor = 7;
constexpr int agent = 8;
constexpr time_point epoch{1000s};

class story {
 public:
  explicit story(supervise_policy policy = {.grace = 120s}) : init_(std::move(policy), executor, epoch) {}

  std::string at(duration t, const supervise_event& event) {
    now_ = epoch + t;
    std::string line;
    for (const auto& action : init_.handle(now_, event)) {
      if (no_agent_ && std::holds_alternative<spawn_agent>(action)) {
        init_.handle(now_, agent_spawn_failed{});
        continue;
      }
      if (const auto* sent = std::get_if<send_record>(&action)) last_record_ = sent->what;
      if (!line.empty()) line += ", ";
      line += std::visit(to_words{}, action);
    }
    return line;
  }
  std::string tick(duration t) { return at(t, time_passed{}); }
  std::string from_agent(duration t, const pair::record& r) { return at(t, record_received{r}); }
  std::string signal(duration t, int signo) { return at(t, signal_arrived{signo}); }
  std::string ends(duration t, int pid, pair::ending how = {}) { return at(t, child_ended{pid, how}); }
  const pair::record& last_record() const { return last_record_; }
  duration wake_at() const { return init_.wake_at() - epoch; }
  // The agent has been spawned at 0.
  story& with_agent() {
    REQUIRE(tick(0s) == "spawn");
    REQUIRE(at(0s, agent_spawned{agent}) == "hello 0 stops 0");
    return *this;
  }
  // No agent can be had: every attempt fails, and is left out of the lines.
  story& without_agent() {
    no_agent_ = true;
    return *this;
  }
  static pair::plan plan(duration stop_at, duration deadline) { return {epoch + stop_at, epoch + deadline}; }

 private:
  supervision init_;
  time_point now_;
  bool no_agent_ = false;
  pair::record last_record_;
};

}  // namespace ebb::core::told
