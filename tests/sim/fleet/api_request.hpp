#pragma once
// What a request asks of an API server: verb, resource and name as its authoriser sees them (contract B1, E3), and the
// parameters of lists and watches.
#include <map>
#include <optional>
#include <string>

#include "agent/http/message.hpp"
#include "agent/rt/clock.hpp"
#include "tests/sim/fleet/api_store.hpp"

namespace ebb::sim {

namespace resource {
inline constexpr auto pods = "pods";
inline constexpr auto nodes = "nodes";
inline constexpr auto leases = "leases.coordination.k8s.io";
inline constexpr auto events = "events.events.k8s.io";
}  // namespace resource

struct api_request {
  std::string verb;        // get, list, watch, create, update, patch, delete
  std::string resource;    // with its group, and "/subresource"; the path itself where it is none
  std::string name_space;  // empty: not namespaced, or all
  std::string name;        // of the path, else of fieldSelector=metadata.name=
  bool known = false;      // a resource that the server has

  std::map<std::string, std::string> labels;  // all equal
  bool other_selectors = false;               // fields or operators that this server does not know
  std::size_t limit = 0;                      // 0: all
  std::string continues;
  std::string resource_version;
  bool bookmarks = false;
  std::optional<std::chrono::seconds> timeout;
  bool metadata_only = false;

  bool selects(const api_entry& e) const;  // namespace, name and labels
};

api_request read_api_request(const http::request& r);

}  // namespace ebb::sim
