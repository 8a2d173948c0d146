#pragma once
// A DNS server of one loopback address that answers from a table, or not at all.
#include <boost/asio/ip/udp.hpp>
#include <map>
#include <string>
#include <vector>

#include "agent/rt/task.hpp"

namespace ebb::test {

class dns_server {
 public:
  // Port 53 of a loopback address: the resolver knows no other port. Throws where that is not allowed.
  dns_server(rt::asio::io_context& io, const std::string& address);

  rt::task<> run();

  // "name A", "name AAAA" or "name PTR" to the record's texts. What is missing is NXDOMAIN, or no data where another
  // type of the name is there. Names that begin with "silent" are never answered.
  std::map<std::string, std::vector<std::string>> records;
  std::vector<std::string> asked;

 private:
  std::string answer(std::string_view query);

  rt::asio::ip::udp::socket socket_;
};

}  // namespace ebb::test
