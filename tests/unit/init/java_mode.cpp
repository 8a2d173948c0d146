#include "agent/init/java_mode.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "tests/support/catch.hpp"

using namespace ebb::init;

namespace {

const std::string daemon_class = "com.dremio.dac.daemon.DremioDaemon";
const std::string executor_on = "-Dservices.executor.enabled=true";
const std::string executor_off = "-Dservices.executor.enabled=false";
const std::string coordinator_on = "-Dservices.coordinator.enabled=true";
const std::string coordinator_off = "-Dservices.coordinator.enabled=false";

// A folder with files in it that can be executed, or not.
class folder {
 public:
  folder() {
    char name[] = "/tmp/ebb-java-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~folder() {
    for (const auto& f : files_) unlink(f.c_str());
    rmdir(path_.c_str());
  }
  std::string file(const std::string& name, mode_t mode = 0755) {
    files_.push_back(path_ + "/" + name);
    std::ofstream(files_.back()) << "#!/bin/sh\n";
    chmod(files_.back().c_str(), mode);
    return files_.back();
  }
  std::string link_to(const std::string& target, const std::string& name) {
    files_.push_back(path_ + "/" + name);
    REQUIRE(link(target.c_str(), files_.back().c_str()) == 0);
    return files_.back();
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::vector<std::string> files_;
};

}  // namespace

TEST_CASE("an executor's daemon is told from everything else") {
  struct row {
    std::vector<std::string> args;
    std::optional<std::string_view> role;
    bool executor;
  };
  const auto r = GENERATE(values<row>({
      {{}, {}, false},
      {{"-version"}, {}, false},
      {{"-Xmx1g", "-cp", "x", daemon_class}, {}, true},
      {{"-cp", daemon_class, "com.dremio.exec.server.options.GetRolesCommand"}, {}, false},
      {{"-cp", "x", "com.dremio.dac.daemon.DremioDaemonTools"}, {}, false},
      {{"-cp", "x", "NotDremioDaemon"}, {}, false},
      {{"-cp", "x", "DremioDaemon"}, {}, true},
      {{"-jar", daemon_class}, {}, false},
      {{"-m", daemon_class}, {}, false},
      {{"--module=" + daemon_class}, {}, false},
      {{"-cp"}, {}, false},
      {{"--add-opens", "java.base/java.lang=ALL-UNNAMED", daemon_class}, {}, true},
      {{"--add-opens=java.base/java.lang=ALL-UNNAMED", daemon_class, "arg"}, {}, true},
      {{executor_on, coordinator_off, daemon_class}, {}, true},
      {{executor_off, coordinator_on, daemon_class}, {}, false},
      {{executor_on, coordinator_on, daemon_class}, {}, false},
      {{executor_off, daemon_class}, {}, false},
      {{executor_off, executor_on, daemon_class}, {}, true},
      {{coordinator_off, coordinator_on, daemon_class}, {}, false},
      {{daemon_class, executor_off}, {}, true},  // an argument of the program, no property
      {{daemon_class}, "executor", true},
      {{daemon_class}, "coordinator", false},
      {{executor_on, coordinator_off, daemon_class}, "coordinator", true},
      {{executor_on, coordinator_on, daemon_class}, "executor", true},
      {{executor_off, daemon_class}, "", false},
      {{"-version"}, "executor", false},
  }));
  CAPTURE(r.args);
  CHECK(classify(r.args, r.role).executor == r.executor);
}

TEST_CASE("the place of the main class is where options end") {
  CHECK(classify({"-Xmx1g", "-cp", "x", daemon_class, "a"}, {}).main_at == 3);
  CHECK(classify({"-Xmx1g", "-cp"}, {}).main_at == 2);
  CHECK(classify({}, {}).main_at == 0);
}

TEST_CASE("the real java is the first usable one that is not this binary") {
  folder a, b, home;
  const auto own = a.file("ebb");
  const auto disguised = a.link_to(own, "java");
  const auto real = b.file("java");
  CHECK(find_real_java({"PATH=" + a.path() + ":/nonexistent::" + b.path()}, own).path == real);
  CHECK(find_real_java({"JAVA_HOME=" + a.path(), "PATH=" + b.path()}, own).path == real);
  CHECK(find_real_java({"EBB_JAVA=" + real, "JAVA_HOME=/x", "PATH="}, own).path == real);
  CHECK(find_real_java({"EBB_JAVA=", "PATH=" + b.path()}, own).path == real);
  for (const auto& none : {find_real_java({"PATH=" + a.path()}, own), find_real_java({}, own)}) {
    CHECK(none.path.empty());
    CHECK(none.error == "no real java: set EBB_JAVA to its path, or JAVA_HOME");
    CHECK(none.exit_code == 127);
  }
  const auto plain = home.file("java", 0644);
  if (geteuid() != 0) CHECK(find_real_java({"PATH=" + home.path()}, own).path.empty());
}

TEST_CASE("an EBB_JAVA that is no java is an error, whatever else there is") {
  folder a, b;
  const auto own = a.file("ebb");
  const auto disguised = a.link_to(own, "java");
  const auto path = "PATH=" + b.path();
  (void)b.file("java");
  const auto error = [&](const std::string& chosen) { return find_real_java({"EBB_JAVA=" + chosen, path}, own).error; };
  CHECK(error("/nonexistent") == "EBB_JAVA = \"/nonexistent\" cannot be executed; write the path of the real java");
  CHECK_THAT(error(b.path()), ContainsSubstring("cannot be executed"));
  CHECK_THAT(error(disguised), ContainsSubstring(" is Ebb itself; write the path of the real java"));
  CHECK(find_real_java({"EBB_JAVA=/nonexistent", path}, own).exit_code == 2);
}

TEST_CASE("a JAVA that is this binary is taken away from the executor, another one is not") {
  folder a;
  const auto own = a.file("ebb");
  const auto java = a.link_to(own, "java");
  environment env{"JAVA=" + java, "JAVA_HOME=/x"};
  drop_own_java(env, own);
  CHECK(env == environment{"JAVA_HOME=/x"});
  env = {"JAVA=/usr/bin/env"};
  drop_own_java(env, own);
  CHECK(env.size() == 1);
}
