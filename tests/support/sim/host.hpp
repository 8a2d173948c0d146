#pragma once
// One simulated process: an event loop, a clock, a network, files and randomness. Destroying the loop is the crash; the
// host itself, with its files and its clock, stays and can be booted again.
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "agent/rt/network.hpp"
#include "agent/rt/task.hpp"
#include "tests/support/sim/clock.hpp"
#include "tests/support/sim/files.hpp"
#include "tests/support/sim/log_sink.hpp"
#include "tests/support/sim/names.hpp"
#include "tests/support/sim/parking.hpp"
#include "tests/support/sim/random.hpp"
#include "tests/support/sim/world.hpp"

namespace ebb::sim {

// A coroutine at the root of a host.
class job {
 public:
  explicit job(host& on) : on_(on) {}
  bool done() const noexcept { return done_; }
  std::exception_ptr error() const noexcept { return error_; }
  void cancel();  // asks it to unwind; does nothing when it has ended or the host has crashed

 private:
  friend class host;
  host& on_;
  asio::cancellation_signal stop_;
  std::exception_ptr error_;
  std::uint64_t boot_ = 0;
  bool done_ = false;
  bool tolerated_ = false;
};

class host {
 public:
  // How a crash looks from the network: the kernel closes what a dead process had open; a machine without power is
  // silent until it is booted again, and then resets what it does not know.
  enum class end { process, power };
  using program = std::function<rt::task<>(host&)>;

  host(world& w, std::size_t number, std::string name, std::string pod);
  ~host();

  const std::string& name() const noexcept { return name_; }
  const std::string& pod() const noexcept { return pod_; }
  std::size_t number() const noexcept { return number_; }
  bool up() const noexcept { return loop_ != nullptr; }
  bool dark() const noexcept { return dark_; }
  bool dying() const noexcept { return dying_; }  // it unwinds, which no process does: nothing may be written

  // What boot() starts. The closure is kept as long as the host, so a coroutine lambda may have captures here.
  host& runs(program p);
  host& boot();
  void crash(end how = end::process);
  void restart() { crash(), boot(); }
  // A frozen host does nothing (SIGSTOP), while its connections stay open, until it is thawed or crashes.
  void freeze() { frozen_ = true; }
  void thaw();

  // A further coroutine. One that throws anything but its own cancellation ends the run with that exception.
  job& spawn(rt::task<> t);
  // The same, but the exception is only kept in the job.
  job& try_spawn(rt::task<> t);

  asio::any_io_executor executor() { return loop_->get_executor(); }
  sim::clock& clock() noexcept { return clock_; }
  rt::network& net() noexcept { return *network_; }
  sim::names& names() noexcept { return names_; }
  sim::files& files() noexcept { return files_; }
  sim::log_sink& sink() noexcept { return sink_; }
  rt::logger& log() noexcept { return log_; }
  sim::random& random() noexcept { return random_; }
  world& home() noexcept { return world_; }

  void say(std::string_view line) { world_.record(name_, line); }

  // --- for the simulated seams; tickets are never used twice, so an old one does no harm after a crash
  std::uint64_t park(parking::handler h);
  void attach(std::uint64_t ticket, world::timer t);
  bool holds(std::uint64_t ticket) const { return lot_ != nullptr && lot_->holds(ticket); }
  void resume(std::uint64_t ticket, error_code ec, std::size_t bytes);
  bool fails(seam call) { return world_.fails(*this, call); }
  bool mark_runnable() { return loop_ != nullptr && !frozen_ && !std::exchange(runnable_, true); }
  void poll();

 private:
  friend class job;
  void unwind();
  using work = asio::executor_work_guard<asio::io_context::executor_type>;

  world& world_;
  std::size_t number_;
  std::string name_;
  std::string pod_;
  sim::random random_;
  sim::clock clock_;
  sim::files files_;
  sim::names names_;
  sim::log_sink sink_;
  rt::logger log_;
  std::unique_ptr<rt::network> network_;
  program program_;
  std::list<job> jobs_;
  std::unique_ptr<asio::io_context> loop_;
  std::optional<work> work_;
  parking* lot_ = nullptr;
  std::uint64_t tickets_ = 0;
  std::uint64_t boots_ = 0;
  rt::time_point instant_{};  // of the last poll
  std::size_t handlers_ = 0;  // run at that instant
  bool runnable_ = false;
  bool dark_ = false;
  bool frozen_ = false;
  bool dying_ = false;
};

}  // namespace ebb::sim
