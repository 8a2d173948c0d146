#include "tests/unit/os/dns_server.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ebb::test {

namespace asio = rt::asio;

namespace {

constexpr std::size_t header_size = 12;
constexpr int type_a = 1, type_ptr = 12, type_aaaa = 28;

void append16(std::string& out, unsigned n) { out.append({static_cast<char>(n >> 8), static_cast<char>(n & 255)}); }

// Labels as DNS writes them.
std::string wire_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto label = name.substr(0, name.find('.'));
    out += static_cast<char>(label.size());
    out += label;
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  return out + '\0';
}

std::string record_data(int type, const std::string& text) {
  if (type == type_ptr) return wire_name(text);
  const auto address = asio::ip::make_address(text);
  if (address.is_v4()) {
    const auto b = address.to_v4().to_bytes();
    return std::string(b.begin(), b.end());
  }
  const auto b = address.to_v6().to_bytes();
  return std::string(b.begin(), b.end());
}

std::string type_name(int type) {
  return type == type_a ? "A" : type == type_aaaa ? "AAAA" : type == type_ptr ? "PTR" : "?";
}

}  // namespace

dns_server::dns_server(asio::io_context& io, const std::string& address)
    : socket_(io, {asio::ip::make_address(address), 53}) {}

// "" where nothing is to be said.
std::string dns_server::answer(std::string_view query) {
  std::string name;
  std::size_t at = header_size;
  for (std::size_t length; at < query.size() && (length = static_cast<unsigned char>(query[at])) != 0;
       at += length + 1) {
    if (!name.empty()) name += '.';
    name += query.substr(at + 1, length);
  }
  const int type = static_cast<unsigned char>(query.at(at + 2));
  const auto question = query.substr(header_size, at + 5 - header_size);
  asked.push_back(name + " " + type_name(type));
  if (name.starts_with("silent")) return {};

  const auto found = records.find(name + " " + type_name(type));
  const auto near = records.lower_bound(name + " ");
  const bool name_exists = near != records.end() && near->first.starts_with(name + " ");
  const auto count = found == records.end() ? 0 : found->second.size();
  std::string out(query.substr(0, 2));
  append16(out, 0x8180 | (name_exists ? 0U : 3U));  // an answer, recursion available; NXDOMAIN
  append16(out, 1);
  append16(out, static_cast<unsigned>(count));
  append16(out, 0);
  append16(out, 0);
  out += question;
  for (std::size_t i = 0; i < count; ++i) {
    const auto data = record_data(type, found->second[i]);
    append16(out, 0xc000 | header_size);  // the question's name again
    append16(out, static_cast<unsigned>(type));
    append16(out, 1);
    out += std::string(4, '\0');  // time to live
    append16(out, static_cast<unsigned>(data.size()));
    out += data;
  }
  return out;
}

rt::task<> dns_server::run() {
  for (std::array<char, 512> query{};;) {
    asio::ip::udp::endpoint from;
    const auto n = co_await socket_.async_receive_from(asio::buffer(query), from, asio::use_awaitable);
    const auto reply = answer({query.data(), n});
    if (!reply.empty()) co_await socket_.async_send_to(asio::buffer(reply), from, asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace ebb::test
