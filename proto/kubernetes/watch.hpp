#pragma once
// The stream of a WATCH: one compact JSON object {"type":…,"object":…} a line. Newlines in strings are escaped, so
// that '\n' ends an event; the pieces in which the bytes arrive have nothing to do with that.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "proto/kubernetes/status.hpp"
#include "proto/parse_error.hpp"

namespace ebb::kubernetes {

inline constexpr std::size_t watch_frame_limit = 4 * 1024 * 1024;  // bytes

// Puts lines together. Once failed it stays so: the rest of the stream has no meaning.
class watch_splitter {
 public:
  // The lines that `bytes` completes, in order, without their ends; empty lines are left out.
  proto::result<std::vector<std::string>> put(std::string_view bytes);

  // Whether the stream may end here: a rest is an event that was cut off.
  bool at_end_of_line() const { return line_.empty(); }

 private:
  std::string line_;
  bool failed_ = false;
};

enum class watch_event_type { added, modified, deleted, bookmark, error };

struct watch_event {
  watch_event_type type = watch_event_type::error;
  std::string resource_version;  // where a WATCH goes on after this; "" of an error. All that a bookmark has
  std::string object;            // JSON of the object, for parse_pod and its like; of an error for parse_status
};

// An unknown type, or an event other than an error without a resourceVersion, is an error.
proto::result<watch_event> parse_watch_event(std::string_view line);

}  // namespace ebb::kubernetes
