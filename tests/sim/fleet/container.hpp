#pragma once
// One executor's container: init, the agent (all of it) on a host of its own, and the executor's web-admin port on
// another host of the same pod. The executor itself is the lab's model.
#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "agent/app/agent.hpp"
#include "agent/drain/node.hpp"
#include "agent/http/message.hpp"
#include "tests/support/sim/host.hpp"
#include "tests/support/sim/init.hpp"
#include "tools/lab/model/exchange.hpp"

namespace ebb::sim {

class fleet;

class container {
 public:
  container(fleet& f, std::string name, config::settings settings);
  ~container();

  // The runtime starts the container, anew after an end.
  void start();
  // The runtime, the kubelet or a person sends a signal to PID 1, which is the executor where there are no agents.
  void signal(int signo = SIGTERM);
  // The runtime kills everything in the container.
  void kill();
  // The agent's process dies, or is stopped for a while (silent: init kills it after 15 s).
  void kill_agent() { init_->kill_agent(); }
  void silence_agent() { init_->freeze_agent(); }

  // A request to the control or the probes' port of the agent, from the same pod; the answer's body once it is there.
  struct answer {
    bool done = false;
    unsigned status = 0;
    std::string body;
  };
  std::shared_ptr<answer> ask(std::string method, std::string target, std::uint16_t port = 9012);

  const std::string& name() const { return name_; }
  host& agent() { return *agent_; }
  host& client() { return *client_; }  // whoever asks the agent something
  sim::init& init() { return *init_; }
  bool started() const { return started_; }  // once at least
  bool running() const { return init_ && !init_->exit_code(); }
  std::optional<int> exit_code() const { return init_->exit_code(); }
  std::optional<rt::time_point> ended_at() const { return init_->left_at(); }
  std::size_t agents() const { return init_->agents_started(); }  // so far, in this life

  std::function<void()> on_ended;  // told when everything in the container is gone

  // What the agent saved last, which is what it would say of itself.
  const core::life& life() const { return life_; }
  config::settings settings;

  // --- for the fleet
  void executor_event(int wait_status);
  void mirror_port(bool listening);

 private:
  rt::task<> run_agent(host& h, rt::supervisor& pair);
  rt::task<> serve_executor(host& h);
  rt::task<http::response> answer_as_executor(http::request req);
  rt::task<> fetch(host& h, http::request req, std::uint16_t port, std::shared_ptr<answer> into);
  void hear(int signo);

  fleet& fleet_;
  world& world_;
  std::string name_;
  host* agent_ = nullptr;
  host* port_ = nullptr;    // the executor's web-admin port
  host* client_ = nullptr;  // whoever asks the agent something
  bool started_ = false;
  core::life life_;
  std::unique_ptr<sim::init> init_;
};

}  // namespace ebb::sim
