#pragma once
// The connection between an executor of the lab and its coordinator: lines of words. It stands for ZooKeeper and
// for Dremio's fabric at once: an executor joins and leaves by it, gets its fragments over it, and is dead when it
// ends.
//
//   executor:     join NAME IP TAG · done FRAGMENT · signalled · leave
//   coordinator:  start FRAGMENT QUERY MICROSECONDS · cancel FRAGMENT · hold 0|1 ·
//                 page NUMBER (of a distortion) · delay MICROSECONDS (of each answer) · healthy 0|1
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/rt/byte_stream.hpp"
#include "agent/rt/notice.hpp"

namespace ebb::lab {

using words = std::vector<std::string>;
words split(std::string_view line);

// 0 for anything but a number.
std::uint64_t number(std::string_view word);

class control_link {
 public:
  explicit control_link(rt::byte_stream s) : stream_(std::move(s)), more_(stream_.get_executor()) {}

  // The next line. Errors: those of the connection, message_size.
  rt::task<rt::result<words>> read();

  void say(std::string line);  // queued; written by run()
  rt::task<> run();            // writes until the connection breaks
  rt::task<> flushed();        // returns when nothing is queued any more
  void close() { stream_.close(); }

 private:
  rt::byte_stream stream_;
  rt::notice more_;
  std::string in_;
  std::string out_;
  bool broken_ = false;
};

}  // namespace ebb::lab
