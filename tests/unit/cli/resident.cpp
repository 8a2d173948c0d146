#include "agent/cli/resident.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using strings = std::vector<std::string>;

namespace {

config::file_content no_file(const std::string&, std::size_t) {
  return {"", std::make_error_code(std::errc::no_such_file_or_directory)};
}

rt::process process(std::optional<bool> is_ebb, strings arguments, config::environment env = {}, int pid = 7) {
  rt::process p;
  p.pid = pid;
  p.is_ebb = is_ebb;
  p.arguments = std::move(arguments);
  p.environment = std::move(env);
  return p;
}

std::optional<cli::resident> found(const rt::process& p, const config::environment& env = {},
                                   const std::string& admin_url = "http://127.0.0.1:9010") {
  config::settings own;
  own.executor.admin_url = admin_url;
  return cli::find_resident({p}, own, env, no_file);
}

}  // namespace

TEST_CASE("a run and an executor's java are residents, other commands and other programs are not") {
  struct row {
    std::optional<bool> is_ebb;
    strings arguments;
    bool resident;
  };
  const std::vector<row> table = {
      {true, {"/opt/ebb/ebb", "run", "--set", "drain.settle=1s", "--", "java"}, true},
      {true, {"/opt/ebb/java", "-cp", "x", "com.dremio.dac.daemon.DremioDaemon"}, true},
      {std::nullopt, {"ebb", "run", "--", "x"}, true},  // another user's
      {true, {"ebb", "agent"}, false},
      {true, {"ebb", "drain", "--wait"}, false},
      {true, {"ebb", "hook", "-a", "add"}, false},
      {true, {"ebb"}, false},
      {false, {"/usr/bin/java", "-cp", "x", "Main"}, false},
      {std::nullopt, {"java", "-cp", "x", "Main"}, false},
      {false, {"ebb", "run", "--", "x"}, false},  // another program of that name
      {true, {}, false},
  };
  for (const auto& r : table) {
    CAPTURE(r.arguments);
    CHECK(found(process(r.is_ebb, r.arguments)).has_value() == r.resident);
  }
}

TEST_CASE("where its agent listens is told where it can be known") {
  const strings plain = {"ebb", "run", "--", "x"};
  const strings set = {"ebb", "run", "--set", "listen.control=127.0.0.1:7777", "--", "x"};
  CHECK(found(process(true, plain))->control == "127.0.0.1:9012");
  CHECK(found(process(true, set))->control == "127.0.0.1:7777");
  // Init has overwritten the values of Ebb's variables.
  CHECK(found(process(true, plain, {{"EBB_LISTEN_CONTROL", ""}}))->control.empty());
  CHECK(found(process(true, plain, {{"EBB_CONFIG", ""}}))->control.empty());
  CHECK(found(process(true, set, {{"EBB_LISTEN_CONTROL", ""}}))->control == "127.0.0.1:7777");
  auto closed = process(true, plain);
  closed.environment.reset();
  CHECK(found(closed)->control.empty());
}

TEST_CASE("an init of another pod or of another executor is not ours, and PID 1 always is") {
  const strings plain = {"ebb", "run", "--", "x"};
  const strings other = {"ebb", "run", "--set", "executor.admin_url=http://127.0.0.1:7010", "--", "x"};
  CHECK(found(process(true, plain, {{"HOSTNAME", "a"}}), {{"HOSTNAME", "a"}}));
  CHECK_FALSE(found(process(true, plain, {{"HOSTNAME", "b"}}), {{"HOSTNAME", "a"}}));
  CHECK_FALSE(found(process(true, plain, {{"POD_UID", "b"}}), {{"POD_UID", "a"}}));
  CHECK(found(process(true, plain, {{"HOSTNAME", "b"}}, 1), {{"HOSTNAME", "a"}}));
  CHECK_FALSE(found(process(true, other), {}, "http://127.0.0.1:7011"));
  CHECK(found(process(true, other), {}, "http://127.0.0.1:7010"));
  CHECK(found(process(true, other)));  // of a command that has only the default
}
