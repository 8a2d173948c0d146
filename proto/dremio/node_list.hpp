#pragma once
// GET /apiv2/system/nodes: every node that the coordinator knows, executors and coordinators. Fields as in 21.2
// to 26.0.5.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/iso_time.hpp"
#include "proto/parse_error.hpp"

namespace ebb::dremio {

inline constexpr std::size_t node_list_body_limit = 8 * 1024 * 1024;
inline constexpr std::size_t node_list_rows_limit = 20'000;

struct node_row {
  std::string name;  // what the deny list matches; the same as host
  std::string host;
  std::string ip;                    // of a node that gives no answer: its name
  std::optional<std::int64_t> port;  // -1 for executors
  std::string status;                // "green" or "red"
  bool is_master = false;
  bool is_coordinator = false;
  bool is_executor = false;
  std::optional<bool> is_compatible;
  std::optional<bool> is_denied;  // isBlacklisted, which Enterprise adds
  std::string engine;             // nodeTag
  std::string version;
  std::string details;                                   // "", "NO_RESPONSE", "INVALID_VERSION : …"
  std::optional<proto::milliseconds_since_epoch> start;  // absent when missing or in a form that is not known
};

// Missing and null fields are empty, unknown ones are passed over; a field of another type is an error.
proto::result<std::vector<node_row>> parse_node_list(std::string_view body);

}  // namespace ebb::dremio
