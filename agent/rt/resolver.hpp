#pragma once
// Names and addresses as a seam.
#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "agent/rt/task.hpp"

namespace ebb::rt {

class resolver {
 public:
  virtual ~resolver() = default;

  // All addresses of a name or of a literal address, in the order in which to try them; never empty. /etc/hosts is
  // asked before DNS. Errors: host_not_found, host_not_found_try_again (no server answered), no_data.
  virtual task<result<std::vector<asio::ip::address>>> resolve(std::string name) = 0;

  // The name of an address, from the same places. Errors: the same.
  virtual task<result<std::string>> reverse(asio::ip::address of) = 0;

  // What gethostname(2) says.
  virtual std::string host_name() = 0;
};

}  // namespace ebb::rt
