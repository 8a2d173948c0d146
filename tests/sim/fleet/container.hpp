#pragma once
// One executor's container: init (its real decisions, core::supervision), the agent (all of it) on a host of its own,
// and the executor's web-admin port on another host of the same pod. The executor itself is the lab's model.
#include <csignal>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "agent/app/agent.hpp"
#include "agent/core/supervise.hpp"
#include "agent/drain/node.hpp"
#include "agent/http/message.hpp"
#include "tests/support/sim/host.hpp"
#include "tools/lab/model/exchange.hpp"

namespace ebb::sim {

class fleet;
class pair_end;

constexpr int executor_pid = 7;

class container {
 public:
  container(fleet& f, std::string name, config::settings settings);
  ~container();

  // The runtime starts the container, anew after an end.
  void start();
  // The runtime, the kubelet or a person sends a signal to PID 1.
  void signal(int signo = SIGTERM);
  // The agent's process dies, or is stopped for a while (silent: init kills it after 15 s).
  void kill_agent();
  void silence_agent() { silenced_ = true; }

  // A request to the control or the probes' port of the agent, from the same pod; the answer's body once it is there.
  struct answer {
    bool done = false;
    unsigned status = 0;
    std::string body;
  };
  std::shared_ptr<answer> ask(std::string method, std::string target, std::uint16_t port = 9012);

  const std::string& name() const { return name_; }
  host& agent() { return *agent_; }
  bool running() const { return supervision_.has_value(); }
  std::optional<int> exit_code() const { return exit_code_; }
  std::optional<rt::time_point> ended_at() const { return ended_at_; }
  std::uint32_t agents() const { return agents_; }  // so far, in this life

  // What the agent saved last, which is what it would say of itself.
  const core::life& life() const { return life_; }
  config::settings settings;

  // --- for the fleet and the pair
  void executor_event(int wait_status);
  void mirror_port(bool listening);
  void handle(const core::supervise_event& e);
  void from_agent(const pair::record& r);
  void agent_ended(pair::ending how);

 private:
  rt::task<> run_agent(host& h);
  rt::task<> serve_executor(host& h);
  rt::task<> fetch(host& h, http::request req, std::uint16_t port, std::shared_ptr<answer> into);
  void act(const core::supervise_action& a);
  void arm();
  void take_off();

  fleet& fleet_;
  world& world_;
  std::string name_;
  host* agent_ = nullptr;
  host* port_ = nullptr;    // the executor's web-admin port
  host* client_ = nullptr;  // whoever asks the agent something
  std::optional<core::supervision> supervision_;
  std::optional<world::timer> alarm_;
  pair_end* pair_ = nullptr;
  int agent_pid_ = 0;
  std::uint32_t agents_ = 0;
  bool silenced_ = false;
  bool clearing_ = false;
  core::life life_;
  std::optional<int> exit_code_;
  std::optional<rt::time_point> ended_at_;
};

}  // namespace ebb::sim
