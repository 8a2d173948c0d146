#include "agent/init/spawn.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>

#include "config/last_good.hpp"

namespace ebb::init {
namespace {

// Of the agent: some times of what it needs, far below what hurts the executor. Sanitizers reserve terabytes.
constexpr rlim_t agent_address_space = rlim_t{256} << 20;
#if defined(__has_feature)
constexpr bool limit_address_space = !__has_feature(address_sanitizer);
#elif defined(__SANITIZE_ADDRESS__)
constexpr bool limit_address_space = false;
#else
constexpr bool limit_address_space = true;
#endif

constexpr int agent_pair = 3;
constexpr int agent_last = config::last_good_descriptor;
static_assert(agent_last == agent_pair + 1);

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (auto& s : strings) pointers.push_back(s.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Nothing of init's own: dispositions, mask and stdin.
void begin_anew(std::initializer_list<int> ignored) {
  setpgid(0, 0);
  for (int signo = 1; signo <= SIGRTMAX; ++signo) signal(signo, SIG_DFL);
  for (int signo : ignored) signal(signo, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);

  int null = open("/dev/null", O_RDONLY);
  if (null > 0) {
    dup2(null, 0);
    close(null);
  } else if (null < 0) {
    close(0);  // a chroot without devices
  }
}

bool prepare_agent(int pair, int last_good, pid_t init) {
  begin_anew({SIGTERM, SIGINT, SIGHUP});
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != init) return false;
  if (limit_address_space) {
    const rlimit limit{agent_address_space, agent_address_space};
    if (setrlimit(RLIMIT_AS, &limit) != 0) return false;
  }
  if (dup2(pair, agent_pair) != agent_pair) return false;
  if (last_good >= 0 && dup2(last_good, agent_last) != agent_last) return false;
  const int first_closed = last_good >= 0 ? agent_last + 1 : agent_last;
  // Whatever else is open is closed by exec (4 is CLOSE_RANGE_CLOEXEC); a kernel before 5.11 does not know it and
  // leaves to the agent what init itself has inherited.
  syscall(SYS_close_range, first_closed, ~0U, 4U);
  return true;
}

// Forks, prepares the child and executes. The child's errno comes back through a pipe that a successful exec closes.
template <class Prepare>
spawned start(program& p, Prepare prepare) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) != 0) return {-1, errno};
  pid_t pid = fork();
  if (pid == 0) {
    if (prepare(report[1])) execvpe(p.path(), p.argv(), p.env());
    int error = errno;
    while (write(report[1], &error, sizeof error) < 0 && errno == EINTR) {}
    _exit(127);
  }
  int error = pid < 0 ? errno : 0;
  close(report[1]);
  if (pid > 0) {
    while (read(report[0], &error, sizeof error) < 0 && errno == EINTR) {}
  }
  close(report[0]);
  if (error == 0) return {pid, 0};
  if (pid > 0) waitpid(pid, nullptr, 0);
  return {-1, error};
}

}  // namespace

program::program(std::string path, std::vector<std::string> argv, environment env)
    : path_(std::move(path)),
      argv_(std::move(argv)),
      env_(std::move(env)),
      argv_pointers_(pointers_to(argv_)),
      env_pointers_(pointers_to(env_)) {}

spawned spawn_executor(program& p) {
  return start(p, [](int&) {
    begin_anew({});
    return true;
  });
}

spawned spawn_agent(program& p, int pair, int last_good) {
  const pid_t init = getpid();
  return start(p, [pair, last_good, init](int& report) {
    // All move out of the way of the numbers 3 and 4, which may be anybody's.
    const auto aside = [](int descriptor) { return fcntl(descriptor, F_DUPFD_CLOEXEC, agent_last + 1); };
    report = aside(report);
    const int end = aside(pair);
    const int good = last_good < 0 ? last_good : aside(last_good);
    return report >= 0 && end >= 0 && (last_good < 0 || good >= 0) && prepare_agent(end, good, init);
  });
}

int exit_code_of_exec_error(int error) { return error == ENOENT ? 127 : 126; }

}  // namespace ebb::init
