#include "agent/core/api_call.hpp"

#include <algorithm>

#include "agent/core/backoff.hpp"

namespace ebb::core {

api_outcome judge_api_status(unsigned status) {
  switch (status) {
    case 401: return api_outcome::token;
    case 403: return api_outcome::forbidden;
    case 404: return api_outcome::missing;
    case 409: return api_outcome::conflict;
    case 410: return api_outcome::gone;
    case 408:
    case 429: return api_outcome::retry;
    default: break;
  }
  if (status >= 200 && status < 300) return api_outcome::ok;
  return status >= 400 && status < 500 ? api_outcome::refused : api_outcome::retry;
}

duration api_pause::next(time_point now, double unit, api_outcome why, duration wish) {
  if (now - last_ >= forgotten_after) failures_ = 0;
  auto pause = std::min(longest, first * (1U << std::min(failures_, 10U)));
  ++failures_;
  if (why == api_outcome::forbidden || why == api_outcome::refused) pause = std::max(pause, without_right);
  pause += duration(static_cast<std::int64_t>(static_cast<double>(pause.count()) * unit));
  pause = std::max(pause, std::min<duration>(wish, backoff::longest_wish));
  last_ = now + pause;
  return pause;
}

}  // namespace ebb::core
