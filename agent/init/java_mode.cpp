#include "agent/init/java_mode.hpp"

#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "agent/init/init.hpp"
#include "agent/init/java_opts.hpp"
#include "agent/init/spawn.hpp"
#include "config/syntax.hpp"

namespace ebb::init {
namespace {

constexpr int wrong_configuration = 2;

// Options of the launcher whose value is the next argument.
constexpr std::array<std::string_view, 15> with_value{"-cp",
                                                      "-classpath",
                                                      "--class-path",
                                                      "-p",
                                                      "--module-path",
                                                      "--add-modules",
                                                      "--add-reads",
                                                      "--add-exports",
                                                      "--add-opens",
                                                      "--limit-modules",
                                                      "--patch-module",
                                                      "--source",
                                                      "--upgrade-module-path",
                                                      "--enable-native-access",
                                                      "--describe-module"};

bool is_daemon(std::string_view main_class) {
  constexpr std::string_view name = "DremioDaemon";
  return main_class == name || (main_class.ends_with(name) && main_class[main_class.size() - name.size() - 1] == '.');
}

bool same_file(const std::string& path, const std::string& own) {
  struct stat a{}, b{};
  return stat(path.c_str(), &a) == 0 && stat(own.c_str(), &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool usable(const std::string& path, const std::string& own) {
  struct stat s{};
  return stat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode) && access(path.c_str(), X_OK) == 0 && !same_file(path, own);
}

std::string own_binary() { return reinterpret_cast<const char*>(getauxval(AT_EXECFN)); }

int become(const std::string& java, const std::vector<std::string>& argv) {
  program real(java, argv, copy_environment(environ));
  execve(real.path(), real.argv(), real.env());
  std::fprintf(stderr, "ebb: cannot execute the real java \"%s\": %s\n", java.c_str(), std::strerror(errno));
  return exit_code_of_exec_error(errno);
}

}  // namespace

java_call classify(const std::vector<std::string>& args, std::optional<std::string_view> role) {
  java_call call;
  std::optional<std::string_view> executor, coordinator;
  auto& at = call.main_at;
  for (; at < args.size() && args[at].starts_with('-'); ++at) {
    std::string_view arg = args[at];
    auto read = [arg](std::string_view option, std::optional<std::string_view>& value) {
      if (arg.starts_with(option)) value = arg.substr(option.size());
    };
    read("-Dservices.executor.enabled=", executor);
    read("-Dservices.coordinator.enabled=", coordinator);
    if (arg == "-jar" || arg == "-m" || arg == "--module" || arg.starts_with("--module=")) {
      at = args.size();
      return call;
    }
    if (std::ranges::count(with_value, arg) > 0) ++at;
  }
  at = std::min(at, args.size());
  if (at == args.size() || !is_daemon(args[at])) return call;
  bool silent = !executor && !coordinator;
  bool by_properties = executor != "false" && coordinator != "true";
  call.executor = role && (silent || !by_properties) ? role == "executor" : by_properties;
  return call;
}

real_java find_real_java(const environment& env, const std::string& own) {
  if (auto chosen = value_of(env, "EBB_JAVA"); chosen && !chosen->empty()) {
    std::string path(*chosen);
    if (usable(path, own)) return {path, {}};
    const auto why = same_file(path, own) ? " is Ebb itself" : " cannot be executed";
    return {{}, "EBB_JAVA = " + config::shown(path) + why + "; write the path of the real java", wrong_configuration};
  }
  if (auto home = value_of(env, "JAVA_HOME"); home && !home->empty()) {
    auto path = std::string(*home) + "/bin/java";
    if (usable(path, own)) return {path, {}};
  }
  std::string_view folders = value_of(env, "PATH").value_or("");
  while (!folders.empty()) {
    auto folder = folders.substr(0, folders.find(':'));
    folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
    auto path = std::string(folder) + "/java";
    if (!folder.empty() && usable(path, own)) return {path, {}};
  }
  return {{}, "no real java: set EBB_JAVA to its path, or JAVA_HOME"};
}

void drop_own_java(environment& env, const std::string& own) {
  auto java = value_of(env, "JAVA");
  if (java && same_file(std::string(*java), own)) {
    std::erase_if(env, [](const std::string& entry) { return entry.starts_with("JAVA="); });
  }
}

int java_mode(const std::vector<std::string>& argv, const std::vector<std::string>& agent,
              const std::function<std::optional<config::settings>()>& load, int last_good) {
  const auto env = copy_environment(environ);
  const std::vector<std::string> args(argv.begin() + 1, argv.end());
  const auto call = classify(args, value_of(env, "EBB_JAVA_ROLE"));
  const auto java = find_real_java(env, own_binary());
  if (java.path.empty()) {
    std::fprintf(stderr, "ebb: %s\n", java.error.c_str());
    return java.exit_code;
  }
  std::vector<std::string> command{java.path};
  command.insert(command.end(), args.begin(), args.end());
  if (!call.executor) return become(java.path, command);

  hold_signals();
  auto settings = load();
  if (!settings) return wrong_configuration;
  const auto opts = missing_java_opts(wishes_of(*settings), choices_of(command, env));
  const auto main_class = command.begin() + 1 + static_cast<std::ptrdiff_t>(call.main_at);
  command.insert(main_class, opts.begin(), opts.end());
  return run(*settings, command, agent, last_good);
}

}  // namespace ebb::init
