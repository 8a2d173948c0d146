#include "tools/lab/demo/children.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>

namespace ebb::lab {
namespace {

namespace asio = rt::asio;

// The number that the text begins with, or 0.
pid_t pid_in(std::string_view text) {
  pid_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  return pid;
}

// Processes whose parent this is, as /proc has them; ours are also those that were orphaned below us.
std::vector<pid_t> offspring(pid_t parent) {
  std::vector<pid_t> out;
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", ec)) {
    const auto pid = pid_in(entry.path().filename().string());
    if (pid <= 0) continue;
    std::ifstream in(entry.path() / "stat");
    std::string stat((std::istreambuf_iterator<char>(in)), {});
    const auto behind_name = stat.rfind(')');
    if (behind_name == std::string::npos || behind_name + 4 > stat.size()) continue;
    if (pid_in(std::string_view(stat).substr(behind_name + 4)) == parent) out.push_back(pid);
  }
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> out;
  for (auto& w : words) out.push_back(w.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

children::children(asio::io_context& io, rt::clock_source& clock)
    : io_(io), clock_(clock), changed_(io.get_executor()) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

children::~children() { kill_all(); }

rt::result<child*> children::start(const command& c) {
  auto arguments = c.arguments;
  auto environment = c.environment;
  posix_spawn_file_actions_t files;
  posix_spawnattr_t how;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&how);
  ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, 1, c.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::posix_spawn_file_actions_adddup2(&files, 1, 2);
  sigset_t none, usual;
  ::sigemptyset(&none);
  ::sigemptyset(&usual);
  for (int s : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) ::sigaddset(&usual, s);
  ::posix_spawnattr_setsigmask(&how, &none);
  ::posix_spawnattr_setsigdefault(&how, &usual);
  ::posix_spawnattr_setpgroup(&how, 0);
  ::posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  auto argv = pointers(arguments), envp = pointers(environment);
  child kid;
  const int error = ::posix_spawn(&kid.pid, argv[0], &files, &how, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&how);
  if (error != 0) return rt::error_code(error, boost::system::system_category());
  return &all_.emplace_back(kid);
}

void children::signal(const child& c, int signo) const {
  if (!c.wait_status) ::kill(c.pid, signo);
}

void children::kill_tree(const child& c) const {
  if (c.wait_status) return;
  std::vector<pid_t> all{c.pid};
  for (std::size_t i = 0; i < all.size(); ++i)
    for (auto below : offspring(all[i])) all.push_back(below);
  for (auto pid : all) ::kill(pid, SIGKILL);
}

void children::kill_all() {
  for (auto left = offspring(::getpid()); !left.empty(); left = offspring(::getpid())) {
    for (auto pid : left) ::kill(pid, SIGKILL);
    for (auto pid : left) ::waitpid(pid, nullptr, 0);
  }
  for (auto& c : all_)
    if (!c.wait_status) c.wait_status = SIGKILL;
}

void children::collect() {
  for (auto& c : all_) {
    int status = 0;
    if (c.wait_status || ::waitpid(c.pid, &status, WNOHANG) != c.pid) continue;
    c.wait_status = status;
    c.ended = clock_.now();
  }
  changed_.notify();
}

rt::task<> children::reap() {
  asio::signal_set ends(io_, SIGCHLD);
  for (;;) {
    collect();
    co_await ends.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

rt::task<bool> children::ended(const child& c, rt::deadline by) {
  while (!c.wait_status && !by.passed()) co_await changed_.wait(by);
  co_return c.wait_status.has_value();
}

}  // namespace ebb::lab
