#pragma once
// The deny list as the keeper asks for it: read the whole, write the whole.
#include <optional>
#include <string>

#include "agent/core/list_call.hpp"
#include "agent/core/merge.hpp"
#include "agent/rt/deadline.hpp"

namespace ebb::keeper {

struct list_call {
  core::list_outcome outcome = core::list_outcome::retry;
  core::deny_list list;  // of a read that is ok
  std::string error;     // one line for people; empty when ok
  std::optional<rt::duration> retry_after;
};

class list_port {
 public:
  virtual ~list_port() = default;
  // One attempt each, a login before it where one is needed; never throws but on cancellation.
  virtual rt::task<list_call> read(rt::deadline dl) = 0;
  virtual rt::task<list_call> write(core::deny_list list, rt::deadline dl) = 0;
  // How long to pause before the attempt that follows a failed one: back-off, Retry-After and the retry budget.
  virtual rt::duration pause_before_retry(std::optional<rt::duration> retry_after) = 0;
};

}  // namespace ebb::keeper
