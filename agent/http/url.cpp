#include "agent/http/url.hpp"

#include <boost/system/errc.hpp>
#include <charconv>

namespace ebb::http {

namespace {

using boost::system::result;

constexpr std::size_t longest_host = 255;

boost::system::error_code bad() { return make_error_code(boost::system::errc::invalid_argument); }

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// A name, an IPv4 address or the inside of brackets; "%" is the zone of a link-local address.
bool is_host(std::string_view host, bool bracketed) noexcept {
  if (host.empty() || host.size() > longest_host) return false;
  for (const char c : host)
    if (!is_unreserved(c) && !(bracketed && (c == ':' || c == '%'))) return false;
  return true;
}

bool is_path(std::string_view path) noexcept {
  for (const char c : path)
    if (c <= ' ' || c == 0x7f || c == '?' || c == '#' || c == '\\') return false;
  return true;
}

result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (ec != std::errc() || end != text.data() + text.size() || port == 0) return bad();
  return port;
}

bool take_scheme(std::string_view& text, std::string_view scheme) {
  if (text.size() < scheme.size()) return false;
  for (std::size_t i = 0; i < scheme.size(); ++i)
    if ((text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]) != scheme[i]) return false;
  text.remove_prefix(scheme.size());
  return true;
}

}  // namespace

std::string base_url::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string base_url::text() const { return (tls ? "https://" : "http://") + authority() + prefix; }

result<base_url> parse_base_url(std::string_view text) {
  base_url url;
  if (take_scheme(text, "https://")) {
    url.tls = true;
    url.port = 443;
  } else if (!take_scheme(text, "http://")) {
    return bad();
  }
  const auto slash = text.find('/');
  auto authority = text.substr(0, slash);
  auto path = slash == text.npos ? std::string_view() : text.substr(slash);

  const bool bracketed = authority.starts_with('[');
  std::string_view host;
  if (bracketed) {
    const auto end = authority.find(']');
    if (end == authority.npos) return bad();
    host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(host.size());
  }
  if (!is_host(host, bracketed)) return bad();
  if (!authority.empty()) {
    if (authority.front() != ':') return bad();
    const auto port = parse_port(authority.substr(1));
    if (!port) return port.error();
    url.port = *port;
  }
  if (!is_path(path)) return bad();
  while (path.ends_with('/')) path.remove_suffix(1);
  url.host = host;
  url.prefix = path;
  return url;
}

std::string percent_encode(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> out;
  while (!query.empty()) {
    const auto item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    if (item.empty()) continue;
    const auto equals = item.find('=');
    const auto value = equals == item.npos ? std::string_view() : item.substr(equals + 1);
    out.emplace_back(percent_decode(item.substr(0, equals)), percent_decode(value));
  }
  return out;
}

}  // namespace ebb::http
