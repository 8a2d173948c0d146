#include "agent/pod/node_name.hpp"

#include <algorithm>

namespace ebb::pod {

using rt::asio::ip::address;

rt::task<rt::result<std::string>> computed_name(rt::resolver& names) {
  auto own = co_await names.resolve(names.host_name());
  if (!own) co_return own.error();
  const auto v4 = std::find_if(own->begin(), own->end(), [](const address& a) { return a.is_v4(); });
  const address first = v4 != own->end() ? *v4 : own->front();
  auto name = co_await names.reverse(first);
  if (!name) co_return first.to_string();
  auto forward = co_await names.resolve(*name);
  if (!forward || std::find(forward->begin(), forward->end(), first) == forward->end()) co_return first.to_string();
  co_return std::move(*name);
}

bool is_address(const std::string& name) {
  boost::system::error_code ec;
  rt::asio::ip::make_address(name, ec);
  return !ec;
}

}  // namespace ebb::pod
