#pragma once
// The objects of an agent, in the order in which they depend on each other. Built once; a reload configures them anew.
#include "agent/app/agent.hpp"
#include "agent/drain/life_cycle.hpp"
#include "agent/drain/link.hpp"
#include "agent/drain/watch.hpp"
#include "agent/pod/events.hpp"
#include "agent/pod/node_watch.hpp"
#include "agent/pod/pod_watch.hpp"
#include "agent/probes/control.hpp"
#include "agent/probes/routes.hpp"
#include "agent/upstream/api_server.hpp"
#include "agent/upstream/dremio.hpp"
#include "agent/upstream/lease_fleet.hpp"

namespace ebb::app {

struct parts {
  parts(world& w, config::settings settings, rt::asio::any_io_executor ex);
  parts(const parts&) = delete;

  // Hands the settings of the node to everybody whom they concern.
  void configure();
  // What init kept of the last agent.
  void resume();
  // Reads the configuration again; a broken one changes nothing and is told.
  void reload();
  // Tells that the configuration of now is broken and the last good one counts.
  void not_taken(std::string sentence);

  // Who this agent is for the others of its fleet; nothing for as long as that is not known.
  std::optional<core::fleet_member> member() const;

  // What is left to say when the executor has gone: the pod's termination message, and Events that still wait.
  rt::task<> last_word(rt::deadline dl);

  // Asks the coordinator; unknown at `limit`, or after 16 s.
  rt::task<core::last_node> ask_last_node(rt::deadline limit);

  world& w;
  drain::node node;
  drain::journal journal;
  upstream::upstream dremio_server, executor_server, prometheus_host, kubernetes_host;
  upstream::coordinator dremio;
  upstream::executor_port executor;
  upstream::prometheus_server prometheus;
  upstream::api_server kubernetes;
  pod::events events;
  pod::pod_watch pod_watch;
  pod::node_watch node_watch;
  upstream::lease_fleet fleet;
  keeper::keeper keeper;
  drain::watch watch;
  drain::link link;
  drain::life_cycle life_cycle;
  probes::sources shown;
  probes::control control;
  probes::routes routes;
};

// Duties that need all of it.
rt::task<> find_name(parts& p);
rt::task<> watch_files(parts& p);
rt::task<> serve_port(parts& p, std::string address, std::string which, http::handler handle);

}  // namespace ebb::app
