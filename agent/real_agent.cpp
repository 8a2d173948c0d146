#include "agent/real_agent.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>

#include "agent/app/agent.hpp"
#include "agent/cli/version.hpp"
#include "agent/os/clock.hpp"
#include "agent/os/files.hpp"
#include "agent/os/init_pair.hpp"
#include "agent/os/log_sink.hpp"
#include "agent/os/lone_supervisor.hpp"
#include "agent/os/network.hpp"
#include "agent/os/process.hpp"
#include "agent/os/random.hpp"
#include "agent/os/resolver.hpp"
#include "agent/pod/pinned_name.hpp"

namespace ebb {

namespace {

probes::process_facts process_facts() {
  const auto f = os::read_process_facts();
  return {f.cpu_seconds, f.start_time_seconds, f.resident_bytes, f.virtual_bytes, f.open_fds, f.max_fds};
}

using make_supervisor = std::unique_ptr<rt::supervisor> (*)(rt::asio::io_context&, rt::clock_source&);

std::unique_ptr<rt::supervisor> make_pair(rt::asio::io_context& io, rt::clock_source&) {
  return std::make_unique<os::init_pair>(io, os::descriptor(os::pair_descriptor));
}

std::unique_ptr<rt::supervisor> make_lone(rt::asio::io_context& io, rt::clock_source& clock) {
  return std::make_unique<os::lone_supervisor>(io.get_executor(), clock.now());
}

int run(const config::sources& sources, const config::start& start, const config::last_good& kept, make_supervisor make,
        bool sidecar) {
  rt::asio::io_context io(1);
  os::clock clock;
  os::files files;
  os::random random;
  os::log_sink sink(STDOUT_FILENO);
  rt::logger log(sink, clock);
  try {
    os::resolver names(io, files);
    os::network network(io, clock, names, files);
    const auto supervisor = make(io, clock);
    for (const auto& w : start.with.warnings) log.warning("config", {{"warning", w}});
    app::world world{clock,
                     network,
                     files,
                     random,
                     names,
                     *supervisor,
                     log,
                     [&] { return config::load_and_keep(sources, config::read_from_disk, kept); },
                     process_facts,
                     pod::pinned_name_of(sources.env),
                     std::string(cli::version()),
                     std::string(cli::commit()),
                     sidecar};
    std::exception_ptr failure;
    bool greeted = false;
    rt::asio::co_spawn(io, app::run(world, start.with.values, start.broken), [&](std::exception_ptr e, bool ok) {
      failure = e;
      greeted = ok;
    });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return greeted ? 0 : 1;
  } catch (const std::exception& e) {
    log.error("agent.failed", {{"error", e.what()}});
    return 1;
  }
}

}  // namespace

int run_agent(const config::sources& sources, const config::start& start, const config::last_good& kept) {
  // Signals come through the pair; what a terminal, kill(0) or a supervisor sends to everybody is init's business.
  for (int s : {SIGTERM, SIGINT, SIGHUP}) std::signal(s, SIG_IGN);
  return run(sources, start, kept, make_pair, false);
}

int run_sidecar(const config::sources& sources, const config::start& start, const config::last_good& kept) {
  return run(sources, start, kept, make_lone, true);
}

}  // namespace ebb
