#include "config/signals.hpp"

#include <csignal>

#include "tests/support/catch.hpp"

using namespace ebb::config;

TEST_CASE("signals are known with and without SIG, real-time ones by their distance") {
  CHECK(signal_number("SIGTERM") == SIGTERM);
  CHECK(signal_number("INT") == SIGINT);
  CHECK(signal_number("SIGRTMIN+3") == SIGRTMIN + 3);
  CHECK(signal_number("RTMAX-1") == SIGRTMAX - 1);
  CHECK(signal_number("SIGRTMIN") == SIGRTMIN);
  CHECK(signal_name("HUP") == "SIGHUP");
}

TEST_CASE("signals that would kill, stop or confuse init cannot be chosen") {
  for (const char* name :
       {"", "SIG", "SIGKILL", "SIGSTOP", "SIGCHLD", "SIGPIPE", "SIGSEGV", "sigterm", "15", "SIGRTMIN-1", "SIGRTMIN+99",
        "SIGRTMIN+", "SIGRTMIN+-1", "SIGRTMAX+1", "SIGRTMIN+3x", "SIGSIGTERM"}) {
    INFO(name);
    CHECK_FALSE(signal_number(name));
    CHECK_FALSE(signal_name(name));
  }
}
