#include "config/reload.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;
using namespace std::chrono_literals;

namespace {

reload after(const std::string& before, const std::string& now) {
  return compare(load_text(before, "f").values, load_text(now, "f"));
}

}  // namespace

TEST_CASE("a reading that changes nothing says so") {
  const auto got = after("[drain]\nsettle = \"3s\"", "[drain]\nsettle = \"3000ms\"");
  CHECK(got.sections.empty());
  CHECK(got.sentence == "configuration read again: nothing changed");
  CHECK_FALSE(got.broken);
}

TEST_CASE("changed keys count at once, by section") {
  const auto got =
      after("", "[drain]\nsettle = \"3s\"\nquiet = \"1s\"\n[log]\nlevel = \"debug\"\n[dremio]\npassword = \"hunter2\"");
  CHECK(got.sections == std::vector<std::string>{"dremio", "drain", "log"});
  CHECK(got.next.drain.settle == 3s);
  CHECK(got.next.dremio.password.value == "hunter2");
  CHECK(got.sentence == "configuration read again: dremio.password, drain.settle, drain.quiet, log.level changed");
}

TEST_CASE("keys that only a restart can change keep their value and are named") {
  const auto got =
      after("", "[listen]\nprobes = \"[::]:1\"\n[executor]\nstop_signal = \"SIGINT\"\n[drain]\npoll = \"2s\"");
  CHECK(got.next.listen.probes == "[::]:9011");
  CHECK(got.next.executor.stop_signal == "SIGTERM");
  CHECK(got.next.drain.poll == 2s);
  CHECK(got.sections == std::vector<std::string>{"drain"});
  CHECK(got.at_restart == std::vector<std::string>{"executor.stop_signal", "listen.probes"});
  CHECK(got.sentence ==
        "configuration read again: drain.poll changed; only from the next start of the container on: "
        "executor.stop_signal, "
        "listen.probes");
}

TEST_CASE("a broken reading keeps the last good settings") {
  const auto got = after("[drain]\nsettle = \"3s\"", "[drain]\nsettle = 3\nsetle = 4");
  CHECK(got.broken);
  CHECK(got.next.drain.settle == 3s);
  CHECK(got.sections.empty());
  CHECK(got.sentence ==
        "configuration not taken, the last good one stays: f:2:1: drain.settle = 3 is a number without a unit, such as "
        "\"3s\"; write a number with its unit (ms, s, m, h), \"0s\" to \"600s\" (and 1 more)");
}

TEST_CASE("facts of the pod outlive a reload") {
  settings old;
  old.pod.name = "e-3";
  old.prometheus.instance_port = "9010";
  const auto got = compare(old, load_text("", "f"));
  CHECK(got.next.pod.name == "e-3");
  CHECK(got.next.prometheus.instance_port == "9010");
}
