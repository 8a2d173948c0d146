// How fast the simulator is: 50 agents, each of which asks the next one over HTTP once a second, for an hour.
//   sim_speed [AGENTS [SECONDS]]
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>

#include "agent/http/client.hpp"
#include "agent/http/server.hpp"
#include "tests/support/sim/host.hpp"
#include "tests/support/sim/world.hpp"

using namespace ebb;
using namespace std::chrono_literals;

namespace {

struct counts {
  std::uint64_t answered = 0, failed = 0;
};

rt::task<http::response> hello(http::request) { co_return http::plain(200, "hello"); }

rt::task<> serve(sim::host& h) {
  auto door = h.net().listen("[::]:80");
  co_await http::serve(h.clock(), **door, hello);
}

rt::task<> ask(sim::host& h, std::string whom, counts& c) {
  http::base_url to;
  to.host = std::move(whom);
  http::client client(h.net(), to, {});
  for (;;) {
    const auto next = h.clock().now() + 1s;
    auto got = co_await client.exchange({}, rt::deadline::after(h.clock(), 500ms));
    ++(got ? c.answered : c.failed);
    co_await h.clock().sleep_until(next);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int i, int otherwise) {
    if (i < argc) std::from_chars(argv[i], argv[i] + std::strlen(argv[i]), otherwise);
    return otherwise;
  };
  const int agents = argument(1, 50);
  const std::chrono::seconds span(argument(2, 3600));
  const auto began = std::chrono::steady_clock::now();
  counts c;
  sim::world w(1);
  const auto name = [](int i) { return "agent-" + std::to_string(i); };
  std::deque<sim::host*> hosts;
  for (int i = 0; i < agents; ++i) hosts.push_back(&w.add_host(name(i)).boot());
  for (int i = 0; i < agents; ++i) {
    auto* h = hosts[static_cast<std::size_t>(i)];
    h->spawn(serve(*h));
    h->spawn(ask(*h, name((i + 1) % agents), c));
  }
  w.run_for(span);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const auto events = static_cast<double>(w.events());
  std::printf(
      "sim_speed: %d agents, %lld virtual seconds: %llu exchanges (%llu failed), %.2f M events, %.2f s, "
      "%.0f ns an event, %.0f ns an exchange, trace %016llx\n",
      agents, static_cast<long long>(span.count()), static_cast<unsigned long long>(c.answered),
      static_cast<unsigned long long>(c.failed), events / 1e6, took.count(), took.count() / events * 1e9,
      took.count() / static_cast<double>(c.answered) * 1e9, static_cast<unsigned long long>(w.trace()));
  return c.answered > 0 ? 0 : 1;
}
