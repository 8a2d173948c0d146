#pragma once
// The pair to init as a seam.
#include "agent/rt/task.hpp"
#include "proto/init/records.hpp"

namespace ebb::rt {

class supervisor {
 public:
  virtual ~supervisor() = default;
  // The next record of init. Errors: eof when init has closed the pair, those of pair::decode. Either ends the agent.
  virtual task<result<pair::record>> receive() = 0;
  // Never blocks. Errors: those of send; the record is then lost, which the next hello makes good.
  virtual result<void> send(const pair::record& r) = 0;
};

}  // namespace ebb::rt
