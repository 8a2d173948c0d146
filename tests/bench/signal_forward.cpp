// How long a signal takes through an init to its child, for Ebb and tini in turns, and what both processes cost at
// rest. rest.
//
//   signal_forward EBB [TINI]
//
// Prints `name value unit` lines. The child waits in sigwaitinfo and writes the time at which it woke into a FIFO; the
// time of sending is taken before kill(). Both inits have the same child, and take turns in short rounds so that both
// see the same machine.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;
constexpr int rounds = 20;
constexpr int signals_a_round = 50;
constexpr auto between = std::chrono::milliseconds(2);
constexpr int watch_seconds = 10;
constexpr std::array measured{SIGUSR1, SIGWINCH};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

void rest(std::chrono::nanoseconds d) {
  const timespec t{std::chrono::duration_cast<std::chrono::seconds>(d).count(), d.count() % 1'000'000'000};
  nanosleep(&t, nullptr);
}

// The child: its pid first, then a time for each signal.
int receive(const char* fifo) {
  sigset_t waited;
  sigemptyset(&waited);
  for (int signo : measured) sigaddset(&waited, signo);
  sigprocmask(SIG_BLOCK, &waited, nullptr);
  const int out = open(fifo, O_WRONLY | O_CLOEXEC);
  if (out < 0) fail(fifo);
  const clock_type::rep hello = getpid();
  if (write(out, &hello, sizeof hello) != sizeof hello) fail("write");
  while (true) {
    if (sigwaitinfo(&waited, nullptr) < 0) continue;
    const auto woke = clock_type::now().time_since_epoch().count();
    if (write(out, &woke, sizeof woke) != sizeof woke) return 0;
  }
}

class supervised {
 public:
  // `command` is an init's, to which the child's is appended.
  supervised(std::string name, std::vector<std::string> command, const std::string& self) : name_(std::move(name)) {
    char folder[] = "/tmp/ebb-bench-XXXXXX";
    folder_ = mkdtemp(folder);
    const auto fifo = folder_ + "/fifo";
    if (mkfifo(fifo.c_str(), 0600) != 0) fail("mkfifo");
    command.insert(command.end(), {self, "receive", fifo});
    init_ = fork();
    if (init_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int log = open((folder_ + "/log").c_str(), O_WRONLY | O_CREAT, 0600);
      dup2(log, 1);
      dup2(log, 2);
      std::vector<char*> argv;
      for (auto& word : command) argv.push_back(word.data());
      argv.push_back(nullptr);
      execvp(argv[0], argv.data());
      _exit(127);
    }
    in_ = open(fifo.c_str(), O_RDONLY | O_CLOEXEC);
    child_ = static_cast<pid_t>(next());
  }
  ~supervised() {
    kill(child_, SIGKILL);
    waitpid(init_, nullptr, 0);
    for (const char* file : {"/fifo", "/log"}) unlink((folder_ + file).c_str());
    rmdir(folder_.c_str());
  }
  supervised(const supervised&) = delete;

  void round(int signo, std::vector<double>& microseconds) {
    for (int i = 0; i < signals_a_round; ++i) {
      rest(between);
      const auto sent = clock_type::now().time_since_epoch().count();
      kill(init_, signo);
      microseconds.push_back(static_cast<double>(next() - sent) / 1000);
    }
  }
  const std::string& name() const { return name_; }
  pid_t init() const { return init_; }
  pid_t child() const { return child_; }

 private:
  clock_type::rep next() {
    clock_type::rep value = 0;
    if (read(in_, &value, sizeof value) != sizeof value) fail("the child has gone");
    return value;
  }

  std::string name_, folder_;
  pid_t init_ = -1, child_ = -1;
  int in_ = -1;
};

double quantile(std::vector<double>& v, double q) {
  std::ranges::sort(v);
  return v[static_cast<std::size_t>(q * static_cast<double>(v.size() - 1))];
}

// The number behind "name:" in a file of /proc, in the file's unit.
long field(pid_t pid, const char* file, const std::string& name) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/" + file);
  for (std::string word; in >> word;) {
    if (word != name + ":") continue;
    long value = 0;
    in >> value;
    return value;
  }
  return -1;
}

pid_t agent_of(const supervised& ebb) {
  const auto init = std::to_string(ebb.init());
  std::ifstream in("/proc/" + init + "/task/" + init + "/children");
  for (pid_t pid = 0; in >> pid;) {
    if (pid != ebb.child()) return pid;
  }
  return -1;
}

void print_cost(const char* who, pid_t pid) {
  const long before = field(pid, "status", "voluntary_ctxt_switches");
  rest(std::chrono::seconds(watch_seconds));
  const double wakeups = static_cast<double>(field(pid, "status", "voluntary_ctxt_switches") - before) / watch_seconds;
  std::printf("%s_wakeups %.1f per_second\n", who, wakeups);
  std::printf("%s_private_dirty %ld kB\n", who, field(pid, "smaps_rollup", "Private_Dirty"));
  std::printf("%s_pss %ld kB\n", who, field(pid, "smaps_rollup", "Pss"));
  std::printf("%s_rss %ld kB\n", who, field(pid, "smaps_rollup", "Rss"));
}

void compare(supervised& ebb, supervised* tini) {
  for (int signo : measured) {
    std::vector<double> by_ebb, by_tini;
    for (int i = 0; i < rounds; ++i) {
      ebb.round(signo, by_ebb);
      if (tini != nullptr) tini->round(signo, by_tini);
    }
    for (auto* times : {&by_ebb, &by_tini}) {
      if (times->empty()) continue;
      std::printf("forward_%s_%s_median %.1f us\n", sigabbrev_np(signo), times == &by_ebb ? "ebb" : "tini",
                  quantile(*times, 0.5));
      std::printf("forward_%s_%s_p99 %.1f us\n", sigabbrev_np(signo), times == &by_ebb ? "ebb" : "tini",
                  quantile(*times, 0.99));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == "receive") return receive(argv[2]);
  if (argc < 2) {
    std::fputs("usage: signal_forward EBB [TINI]\n", stderr);
    return 2;
  }
  const std::string self = "/proc/self/exe";
  std::array<char, 4096> path{};
  if (readlink(self.c_str(), path.data(), path.size() - 1) < 0) fail("readlink");
  supervised ebb("ebb",
                 {argv[1], "run", "--set", "executor.forward=SIGUSR1", "--set", "listen.probes=127.0.0.1:0", "--set",
                  "listen.control=127.0.0.1:0", "--"},
                 path.data());
  std::optional<supervised> tini;
  if (argc > 2) tini.emplace("tini", std::vector<std::string>{argv[2], "-s", "--"}, path.data());
  rest(std::chrono::seconds(2));  // the agent has started
  compare(ebb, tini ? &*tini : nullptr);
  print_cost("init", ebb.init());
  print_cost("agent", agent_of(ebb));
  return 0;
}
