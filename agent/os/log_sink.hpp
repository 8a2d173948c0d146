#pragma once
// Where log lines go: the standard output, or another descriptor. Never blocks the loop and never ends the process,
// whatever becomes of the reader:
//   a pipe or a terminal is opened anew, so that "non-blocking" holds for us and not for the executor that shares it;
//   a file never waits for a reader and is written as it is, at the position that it shares with the executor;
//   a socket is written with MSG_DONTWAIT;
//   where opening anew fails (another user's pipe), writability is asked for before each write.
#include <memory>

#include "agent/rt/log.hpp"

namespace ebb::os {

class log_sink final : public rt::log_sink {
 public:
  // Borrows `fd`. Ignores SIGPIPE for the whole process.
  explicit log_sink(int fd);
  ~log_sink() override;
  bool write(std::string_view line) override;

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace ebb::os
