#include "agent/cli/exit_codes.hpp"

namespace ebb::cli {

namespace {

bool good(unsigned http_status) { return http_status >= 200 && http_status < 300; }

}  // namespace

int status_exit(const status_view& v) {
  if (v.state == "serving" || v.state == "paused") return done;
  return v.state == "stopped" ? failed : not_yet;
}

int drain_exit(unsigned http_status, bool waited, const status_view& v, std::string_view cause) {
  if (!good(http_status)) return failed;
  if (!waited) return done;
  // It is being stopped: by the end of the drain, or by a deadline or an operator who did not wait for it.
  if (v.ending()) return v.executor.fragments.value_or(0) > 0 ? not_yet : done;
  if (!v.has_cause(cause)) return cancelled;
  return v.phase == "drained" ? done : not_yet;
}

int undrain_exit(unsigned http_status) {
  if (good(http_status)) return done;
  return http_status == 409 ? refused : failed;
}

int stop_exit(unsigned http_status) { return good(http_status) ? done : failed; }

}  // namespace ebb::cli
