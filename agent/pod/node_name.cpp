#include "agent/pod/node_name.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ebb::pod {

namespace asio = rt::asio;

namespace {

// Java has no IPv4-mapped addresses: they become IPv4.
asio::ip::address as_java(const asio::ip::address& a) {
  if (a.is_v6() && a.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, a.to_v6());
  return a;
}

}  // namespace

std::string java_text(const asio::ip::address& address) {
  const auto a = as_java(address);
  if (a.is_v4()) return a.to_string();
  const auto bytes = a.to_v6().to_bytes();
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    std::array<char, 8> group{};
    std::snprintf(group.data(), group.size(), i == 0 ? "%x" : ":%x", unsigned{bytes[i]} << 8 | bytes[i + 1]);
    text += group.data();
  }
  if (a.to_v6().scope_id() != 0) text += "%" + std::to_string(a.to_v6().scope_id());
  return text;
}

bool is_address(const std::string& name) {
  rt::error_code not_literal;
  asio::ip::make_address(name, not_literal);
  return !not_literal;
}

rt::task<rt::result<std::string>> computed_name(rt::resolver& names) {
  auto own = co_await names.resolve(names.host_name());
  if (!own) co_return own.error();
  // java.net.preferIPv6Addresses is false unless set.
  const auto is_v4 = [](const asio::ip::address& a) { return as_java(a).is_v4(); };
  const auto v4 = std::ranges::find_if(*own, is_v4);
  const auto address = as_java(v4 == own->end() ? own->front() : *v4);

  auto host = co_await names.reverse(address);
  if (!host) co_return java_text(address);
  auto back = co_await names.resolve(*host);
  if (back && std::ranges::find(*back, address, as_java) != back->end()) co_return std::move(*host);
  co_return java_text(address);
}

}  // namespace ebb::pod
