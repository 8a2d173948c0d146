#pragma once
// A whole fleet in one process, on virtual time. The world owns the hosts, the wires between them and the queue of
// events. Time moves only when no host can run; who runs first at one instant is drawn from the seed. A run makes no
// system call between events, and the same seed gives the same trace hash, run after run.
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/rt/clock.hpp"
#include "tests/support/sim/journal.hpp"
#include "tests/support/sim/random.hpp"

namespace ebb::sim {

using namespace std::chrono_literals;

class host;
class wires;

// The calls that leave an agent, counted so that a sweep can make the n-th of them fail.
enum class seam { connect, resolve, listen, accept, read, write, read_file, stat_file };

class world {
 public:
  using action = std::function<void()>;

  explicit world(std::uint64_t seed);
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  ~world();  // crashes all hosts; objects that the hosts' coroutines refer to may be gone by then

  std::uint64_t seed() const noexcept { return seed_; }
  rt::time_point now() const noexcept { return now_; }
  rt::time_point start() const noexcept;
  rt::duration elapsed() const noexcept { return now_ - start(); }
  random fork(std::string_view purpose) const { return random_.fork(purpose); }

  // A process with an event loop of its own. Hosts of the same pod share the pod's address and loopback; the pod's
  // name, and so the host's when none is given, is what others connect to. The host is down until boot().
  host& add_host(std::string name, std::string pod = {});
  const std::vector<std::unique_ptr<host>>& hosts() const noexcept { return hosts_; }
  wires& net() noexcept { return *wires_; }
  journal& log() noexcept { return journal_; }

  // What the scenario does to the fleet, and what must be true all along. An exception, a failed REQUIRE for instance,
  // leaves run_…(). Hosts are looked at again after at(), after() and every(), not after always(): that one only looks.
  void at(rt::time_point when, action what);
  void after(rt::duration d, action what) { at(now_ + d, std::move(what)); }
  void every(rt::duration period, action what);
  void always(rt::duration period, action check);

  void run_until(rt::time_point end);
  void run_for(rt::duration d) { run_until(now_ + d); }
  // Until `done` is true, looked at after each event, but at most for `limit`: whether it became true.
  bool run_while_not(const std::function<bool()>& done, rt::duration limit);

  // A number over everything that could be observed, and how many events there were.
  std::uint64_t trace() const noexcept { return trace_; }
  std::uint64_t events() const noexcept { return events_; }

  // The n-th seam call from now on fails, once; where a host is named, the n-th of that host.
  void fail_seam_call(std::uint64_t n, std::string host_name = {});
  std::uint64_t seam_calls() const noexcept { return seam_calls_; }

  // --- for the simulated seams
  struct timer {
    rt::time_point at{};
    std::uint64_t number = 0;
    friend auto operator<=>(const timer&, const timer&) = default;
  };
  timer schedule(rt::time_point when, action what);
  void cancel(timer t) { queue_.erase(t); }
  void touch(host& h);
  void note(std::uint64_t what) noexcept { trace_ = (trace_ ^ what) * 0x100000001b3U; }
  void note(std::string_view what) noexcept;
  void record(std::string_view host_name, std::string_view line);
  void failed(std::exception_ptr e);
  bool fails(const host& caller, seam call);

 private:
  void touch_all();
  void settle();
  bool step(rt::time_point end);

  std::uint64_t seed_;
  random random_;
  random order_;
  rt::time_point now_;
  std::map<timer, action> queue_;
  std::uint64_t scheduled_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t trace_ = 0xcbf29ce484222325U;
  std::uint64_t seam_calls_ = 0;
  std::uint64_t failing_call_ = 0;
  std::string failing_host_;
  std::exception_ptr failure_;
  journal journal_;
  std::vector<host*> runnable_;
  std::vector<std::unique_ptr<host>> hosts_;
  std::unique_ptr<wires> wires_;
};

}  // namespace ebb::sim
