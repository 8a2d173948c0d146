#pragma once
// The processes that a demonstration starts: each in a process group of its own with its output in a file, reaped as
// they end. Nothing outlives the demonstration: whatever descends from it is killed in the end, orphans included.
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "agent/rt/notice.hpp"

namespace ebb::lab {

struct child {
  pid_t pid = 0;
  std::optional<int> wait_status;
  rt::time_point ended;
};

class children {
 public:
  children(rt::asio::io_context& io, rt::clock_source& clock);
  ~children();  // kills and reaps whatever is left

  struct command {
    std::vector<std::string> arguments;    // the first is the program's path
    std::vector<std::string> environment;  // NAME=VALUE, all of it
    std::string log;
  };
  // The reference stays good. Errors: those of posix_spawn and of opening the log.
  rt::result<child*> start(const command& c);
  void signal(const child& c, int signo) const;  // nothing when it has ended
  void kill_tree(const child& c) const;          // and all that descends from it, as when a container is killed
  void kill_all();

  rt::task<> reap();                                      // until cancelled
  rt::task<bool> ended(const child& c, rt::deadline by);  // false: still running then

 private:
  void collect();

  rt::asio::io_context& io_;
  rt::clock_source& clock_;
  std::list<child> all_;
  rt::notice changed_;
};

}  // namespace ebb::lab
