#include "agent/core/pod_word.hpp"

namespace ebb::core {

namespace {

// Whole seconds on both sides, and a proxy's clock beside the server's.
constexpr std::chrono::milliseconds odd_seconds = 5s;
// A second, shorter deletion counts from the first one, so its moment may be over already; after a kubelet's absence by
// more. Beyond it a clock is the likelier reason.
constexpr std::chrono::milliseconds longest_overdue = 600s;
constexpr duration same_moment = 1s;

}  // namespace

kill_moment_found when_killed(const deletion& d, std::optional<wall_time> server_now, time_point received) {
  if (!server_now) return {received + d.grace, false};
  // In milliseconds: a year 9999 is no number of nanoseconds.
  const std::chrono::milliseconds left = d.timestamp - *server_now;
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(d.grace) + odd_seconds;
  if (left > most || left < -longest_overdue) return {received + d.grace, false};
  return {received + duration(left), true};
}

bool deletion_is_odd(const deletion& d, wall_time server_now) {
  const std::chrono::milliseconds left = d.timestamp - server_now;
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(d.grace);
  return left > whole + odd_seconds || left < whole - odd_seconds;
}

bool is_nearer(const pod_word& w, time_point kill_at) { return !w.kill_at || kill_at < *w.kill_at - same_moment; }

bool take_deletion(pod_word& w, time_point kill_at, time_point now) {
  if (!is_nearer(w, kill_at)) return false;
  w.kill_at = kill_at;
  w.kill_learned = now;
  return true;
}

}  // namespace ebb::core
