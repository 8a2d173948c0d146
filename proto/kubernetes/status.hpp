#pragma once
// The body of an answer that is no success, and the object of a watch's ERROR: a metav1 Status. Answers to overload
// (429 of priority and fairness, of a server that shuts down) and those of proxies are plain text.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/kubernetes/object_meta.hpp"

namespace ebb::kubernetes {

inline constexpr std::size_t causes_limit = 16;  // of those that are kept

struct status {
  bool from_api = false;    // a Status was read; else all but the message is empty
  std::optional<int> code;  // HTTP's, also where none was sent: in an ERROR
  std::string reason;       // "Forbidden", "Conflict", "Expired"
  std::string message;      // one printable line; the text itself where it is no Status
  std::optional<std::chrono::seconds> retry_after;
  std::vector<std::string> causes;  // their reasons: "ResourceVersionTooLarge", "DisruptionBudget"

  bool has_cause(std::string_view name) const;
};

// Never fails: there is no body that is wrong.
status parse_status(std::string_view body);

}  // namespace ebb::kubernetes
