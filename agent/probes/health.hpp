#pragma once
// /livez, /readyz and /startupz in Kubernetes' own format.
#include <string>
#include <vector>

#include "agent/drain/node.hpp"
#include "agent/http/message.hpp"

namespace ebb::probes {

struct check {
  std::string_view name;
  bool ok = false;
  std::string why;  // not ok: shown, because it is no secret and saves a look at the log
};

// Live: the agent's own loop turns, which it does when it answers. Never anything outside the pod.
std::vector<check> live_checks();

// Ready: executor live; admitted once in this life, or the list is not to be had; no irrevocable drain. Withdrawable
// drains and `paused` leave it up, because the headless service must go on to resolve the node's name.
std::vector<check> ready_checks(const drain::node& n);

// Started: the executor was live once.
std::vector<check> startup_checks(const drain::node& n);

// `path` is "/readyz" or "/readyz/NAME"; ?verbose and ?exclude=NAME are honoured. 200, 500, or 404 for an unknown NAME.
http::response health_response(std::string_view endpoint, std::string_view target, const std::vector<check>& checks);

}  // namespace ebb::probes
