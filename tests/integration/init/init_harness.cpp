// `ebb run` with an agent that follows a script, so that init is tested before and without the real one. A program of
// the tests: the product has no way to choose another agent.
//
//   init_harness run [--KEY=VALUE]… -- CMD…     keys below; the executor is CMD
//   java …                                      the harness under that name: JAVA mode with default settings
//   init_harness agent                          what init starts; reads the script from HARNESS_AGENT and writes each
//                                               record that it receives as a line to HARNESS_LOG
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "agent/init/init.hpp"
#include "agent/init/java_mode.hpp"
#include "config/last_good.hpp"
#include "proto/init/records.hpp"

using namespace ebb;
using namespace std::chrono_literals;

namespace {

constexpr int the_pair = 3;
const std::vector<std::string> agent_command = {"init_harness", "agent"};

void say(const std::string& line) {
  const char* path = std::getenv("HARNESS_LOG");
  if (path == nullptr) return;
  int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  auto text = line + "\n";
  if (write(fd, text.data(), text.size()) < 0) std::perror("HARNESS_LOG");
  close(fd);
}

void send(const pair::record& r) {
  pair::packet packet;
  pair::encode(r, packet);
  ::send(the_pair, packet.data(), packet.size(), MSG_NOSIGNAL);
}

pair::moment now() { return std::chrono::steady_clock::now(); }

// The scripts. "obeys": orders the stop at the first stop signal, finishes at the executor's end. "waits": as obeys,
// but leaves the stop to its plan (stop 1 s after the signal, deadline 4 s). "keeps": neither stops nor finishes.
// "leaves": exits at once. "notes": only finishes. "freezes": stops itself after the hello. "lies": sends a packet that
// is no record.
class scripted_agent {
 public:
  explicit scripted_agent(std::string script) : script_(std::move(script)) {}

  int run() {
    if (script_ == "leaves") return 1;
    send(pair::alive{});
    while (true) {
      pollfd ready{the_pair, POLLIN, 0};
      if (poll(&ready, 1, 5'000) == 0) {
        send(pair::alive{});
        continue;
      }
      pair::packet packet;
      auto n = recv(the_pair, packet.data(), packet.size(), 0);
      if (n <= 0) return 0;
      auto record = pair::decode(std::span(packet).first(static_cast<std::size_t>(n)));
      if (!record) return 2;
      std::visit([this](const auto& r) { on(r); }, *record);
    }
  }

 private:
  void on(const pair::hello& h) {
    say("hello agent=" + std::to_string(getpid()) + " executor=" + std::to_string(h.executor_pid) +
        " generation=" + std::to_string(h.generation) + " stops=" + std::to_string(h.stop_signals) +
        " saved=" + std::to_string(h.saved.bytes().size()) + (h.ended ? " ended" : ""));
    if (script_ == "freezes") raise(SIGSTOP);
    if (script_ == "lies") ::send(the_pair, "lie", 3, MSG_NOSIGNAL);
    pair::save save;
    std::vector<std::byte> blob(h.generation + 1);
    save.blob.assign(blob);
    send(save);
    if (h.stop_signals > 0) stop();
    if (h.ended) finish();
  }
  void on(const pair::signal_seen& s) {
    say("signal " + std::to_string(s.signo) + " count=" + std::to_string(s.count));
    if (s.signo != SIGHUP) stop();
  }
  void on(const pair::exited& e) {
    say("exited " + std::to_string(e.how.exit_code()));
    finish();
  }
  template <class FromAgent>
  void on(const FromAgent&) {
    say("a record that only agents send");
  }

  void stop() {
    if (script_ == "obeys") send(pair::signal_order{SIGTERM});
    if (script_ == "waits") send(pair::plan{now() + 1s, now() + 4s});
  }
  void finish() {
    if (script_ != "keeps") send(pair::finished{});
  }

  std::string script_;
};

config::duration milliseconds(const std::string& text) {
  config::duration::rep count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return config::duration{count};
}

int run(const std::vector<std::string>& args) {
  init::hold_signals();
  config::settings s;
  std::size_t at = 0;
  for (; at < args.size() && args[at] != "--"; ++at) {
    auto equals = args[at].find('=');
    auto key = args[at].substr(0, equals);
    auto value = equals == std::string::npos ? std::string() : args[at].substr(equals + 1);
    if (key == "--grace") s.drain.grace = milliseconds(value);
    if (key == "--reserve") s.drain.reserve = milliseconds(value);
    if (key == "--forward") s.executor.forward.push_back(value);
    if (key == "--stop-signal") s.executor.stop_signal = value;
    if (key == "--in-kubernetes") s.pod.in_kubernetes = true;
  }
  if (at + 1 >= args.size()) {
    std::fputs("usage: init_harness run [--KEY=VALUE]… -- CMD…\n", stderr);
    return 2;
  }
  const auto kept = config::last_good::create();
  return init::run(s, {args.begin() + static_cast<std::ptrdiff_t>(at) + 1, args.end()}, agent_command,
                   kept.descriptor());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> args(argv + 1, argv + argc);
  std::string_view name = argv[0];
  if (name == "java" || name.ends_with("/java")) {
    return init::java_mode({argv, argv + argc}, agent_command, [] { return std::optional(config::settings{}); }, -1);
  }
  if (!args.empty() && args.front() == "agent") {
    const char* script = std::getenv("HARNESS_AGENT");
    return scripted_agent(script != nullptr ? script : "obeys").run();
  }
  if (!args.empty() && args.front() == "run") return run({args.begin() + 1, args.end()});
  std::fputs("usage: init_harness run|agent\n", stderr);
  return 2;
}
