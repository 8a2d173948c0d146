#include "config/syntax.hpp"

#include "config/utf8.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace ebb::config {
namespace {

constexpr std::size_t longest_shown = 80;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_port(std::string_view text, std::uint32_t lowest) {
  std::uint32_t port = 0;
  const auto* end = text.data() + text.size();
  auto [stopped, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stopped == end && text.size() <= 5 && port >= lowest && port <= 65535;
}

bool is_literal(int family, std::string_view text) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, std::string(text).c_str(), address) == 1;
}

// "host:port" or "[v6]:port" split at the colon before the port; `host` keeps no brackets.
struct host_and_port {
  std::string_view host, port;
  bool bracketed = false, has_port = false, malformed = false;
};

host_and_port split(std::string_view text) {
  host_and_port out;
  auto rest = text;
  if (text.starts_with('[')) {
    const auto closed = text.find(']');
    if (closed == std::string_view::npos) return out.malformed = true, out;
    out.bracketed = true;
    out.host = text.substr(1, closed - 1);
    rest = text.substr(closed + 1);
    if (!rest.empty() && rest.front() != ':') return out.malformed = true, out;
  } else {
    out.host = text.substr(0, text.find(':'));
    rest = text.substr(out.host.size());
  }
  out.has_port = !rest.empty();
  if (out.has_port) out.port = rest.substr(1);
  return out;
}

bool is_host_character(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_'; }

std::string lowered(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

std::string_view url_fault(std::string_view text) {
  const auto scheme = text.find("://");
  const auto name = lowered(text.substr(0, scheme));
  if (scheme == std::string_view::npos || (name != "http" && name != "https"))
    return "does not begin with http:// or https://";
  auto rest = text.substr(scheme + 3);
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return "has a blank, or something else that is no ASCII, in it";
  if (rest.find_first_of("?#") != std::string_view::npos) return "has a query or a fragment";
  const auto authority = rest.substr(0, rest.find('/'));
  if (authority.find('@') != std::string_view::npos) return "has a user or a password in it";
  const auto at = split(authority);
  if (at.host.empty()) return "names no host";
  if (at.malformed || (at.bracketed && !is_literal(AF_INET6, at.host))) return "has a malformed IPv6 address";
  if (!at.bracketed && !std::all_of(at.host.begin(), at.host.end(), is_host_character)) return "has a malformed host";
  if (at.has_port && !is_port(at.port, 1)) return "has a port that is none";
  return {};
}

std::string_view address_fault(std::string_view text) {
  const auto at = split(text);
  if (!at.has_port) return "has no port";
  if (at.malformed || !is_literal(at.bracketed ? AF_INET6 : AF_INET, at.host))
    return "has no literal IP address in front of the port";
  if (!is_port(at.port, 0)) return "has a port that is none";
  return {};
}

bool is_loopback(std::string_view address) {
  const auto at = split(address);
  return at.bracketed ? at.host == "::1" : at.host.starts_with("127.");
}

std::string_view metric_fault(std::string_view text) {
  auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == ':'; };
  if (text.empty()) return "is empty";
  if (is_digit(text.front()) || !std::all_of(text.begin(), text.end(), allowed)) return "is not a metric's name";
  return {};
}

std::string_view taint_fault(std::string_view text) {
  auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '/'; };
  if (text.empty()) return "is empty";
  if (!std::all_of(text.begin(), text.end(), allowed) || std::count(text.begin(), text.end(), '/') > 1)
    return "is not a taint's key";
  return {};
}

std::string_view matchers_fault(std::string_view text) {
  auto skip = [&](auto wanted) {
    std::size_t n = 0;
    while (n < text.size() && wanted(text[n])) ++n;
    text.remove_prefix(n);
    return n;
  };
  auto blank = [](char c) { return c == ' '; };
  skip(blank);
  if (text.starts_with('{')) return "has braces around it";
  while (!text.empty()) {
    if (is_digit(text.front()) || skip([](char c) { return is_letter(c) || is_digit(c) || c == '_'; }) == 0)
      return "has something else where a label's name should be";
    skip(blank);
    const auto operation = text.substr(0, 2);
    if (operation == "!=" || operation == "=~" || operation == "!~")
      text.remove_prefix(2);
    else if (operation.starts_with('='))
      text.remove_prefix(1);
    else
      return "has no =, !=, =~ or !~ after a label's name";
    skip(blank);
    if (!text.starts_with('"')) return "has a label's value without double quotes";
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"')
      text.remove_prefix(text.front() == '\\' ? std::min<std::size_t>(2, text.size()) : 1);
    if (text.empty()) return "has a label's value whose quotes are not closed";
    text.remove_prefix(1);
    skip(blank);
    if (!text.empty() && !text.starts_with(',')) return "has no comma between two matchers";
    if (!text.empty()) text.remove_prefix(1);
    skip(blank);
  }
  return {};
}

bool has_control_characters(std::string_view text) { return std::any_of(text.begin(), text.end(), is_control); }

bool fits_on_a_line(std::string_view text) { return is_utf8(text) && !has_control_characters(text); }

std::string shown(std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  const bool readable = is_utf8(text);
  std::string out = "\"";
  for (char c : utf8_prefix(text, longest_shown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (is_control(c) || (!readable && byte >= 0x80))
      out.append({'\\', 'x', hex[byte >> 4], hex[byte & 15]});
    else
      out += c;
  }
  return out + (text.size() > longest_shown ? "…\"" : "\"");
}

}  // namespace ebb::config
