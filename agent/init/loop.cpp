#include "agent/init/loop.hpp"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "agent/init/descendants.hpp"

namespace ebb::init {
namespace {

constexpr int packets_at_once = 16;  // an agent that floods its pair must not keep signals waiting
constexpr auto longest_wait = std::chrono::hours(1);

core::time_point now() { return std::chrono::steady_clock::now(); }

int held_signals() {
  sigset_t held;
  sigprocmask(SIG_BLOCK, nullptr, &held);
  return signalfd(-1, &held, SFD_CLOEXEC | SFD_NONBLOCK);
}

timespec until(core::time_point at) {
  auto left = std::clamp<core::duration>(at - std::min(at, now()), core::duration{0}, longest_wait);
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {seconds.count(), (left - seconds).count()};
}

}  // namespace

loop::loop(core::supervise_policy policy, pid_t executor, program& agent, int last_good)
    : supervision_(std::move(policy), executor, now()),
      agent_(agent),
      executor_pid_(executor),
      last_good_(last_good),
      signals_(held_signals()) {}

loop::~loop() {
  if (pair_ >= 0) close(pair_);
  if (signals_ >= 0) close(signals_);
}

int loop::run() {
  tell(core::time_passed{});
  while (true) {
    reap();
    if (code_) return *code_;
    wait();
    if (code_) return *code_;
  }
}

void loop::wait() {
  std::array<pollfd, 2> ready{{{signals_, POLLIN, 0}, {pair_, POLLIN, 0}}};
  auto timeout = until(supervision_.wake_at());
  ppoll(ready.data(), ready.size(), &timeout, nullptr);
  if (ready[0].revents != 0) read_signals();
  if (ready[1].revents != 0 && pair_ == ready[1].fd) read_pair();
  if (ready[0].revents == 0 && ready[1].revents == 0) tell(core::time_passed{});
}

void loop::read_signals() {
  std::array<signalfd_siginfo, 16> arrived;
  auto n = read(signals_, arrived.data(), sizeof arrived);
  for (std::size_t i = 0; n > 0 && i < static_cast<std::size_t>(n) / sizeof(signalfd_siginfo); ++i) {
    tell(core::signal_arrived{static_cast<int>(arrived[i].ssi_signo)});
  }
}

void loop::read_pair() {
  pair::packet packet;
  for (int i = 0; i < packets_at_once && pair_ >= 0; ++i) {
    auto n = recv(pair_, packet.data(), packet.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n != static_cast<ssize_t>(packet.size())) return tell(core::pair_broken{});
    auto record = pair::decode(packet);
    if (!record) return tell(core::pair_broken{});
    tell(core::record_received{*record});
  }
}

// Everything that has ended, orphans included; the supervision is told even when nobody is left to end.
void loop::reap() {
  while (!code_) {
    siginfo_t info{};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) != 0) {
      if (errno == ECHILD) tell(core::no_children_left{});
      return;
    }
    if (info.si_pid == 0) return;
    tell(core::child_ended{info.si_pid, {info.si_code != CLD_EXITED, info.si_status}});
  }
}

void loop::tell(const core::supervise_event& event) {
  for (const auto& action : supervision_.handle(now(), event)) {
    std::visit([this](const auto& a) { act(a); }, action);
  }
}

void loop::act(const core::spawn_agent&) {
  std::array<int, 2> ends{-1, -1};
  spawned agent;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0) {
    agent = spawn_agent(agent_, ends[1], last_good_);
    close(ends[1]);
  }
  if (agent.pid > 0) {
    pair_ = ends[0];
    agent_pid_ = agent.pid;
    return tell(core::agent_spawned{agent.pid});
  }
  if (ends[0] >= 0) close(ends[0]);
  tell(core::agent_spawn_failed{});
}

void loop::act(const core::send_record& a) {
  pair::packet packet;
  pair::encode(a.what, packet);
  send(pair_, packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

void loop::act(const core::close_pair&) {
  if (pair_ >= 0) close(pair_);
  pair_ = -1;
}

// The supervision speaks of a process only as long as it has not been reaped, so that no number is another's.
void loop::act(const core::signal_agent& a) { kill(agent_pid_, a.signo); }
void loop::act(const core::signal_executor& a) { kill(executor_pid_, a.signo); }
void loop::act(const core::signal_group& a) { kill(-executor_pid_, a.signo); }
void loop::act(const core::signal_descendants& a) { signal_descendants(a.signo); }
void loop::act(const core::leave& a) { code_ = a.code; }

}  // namespace ebb::init
