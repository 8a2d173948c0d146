#include "agent/http/wire.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <boost/system/errc.hpp>
#include <charconv>

namespace ebb::http {

namespace {

constexpr std::string_view user_agent = "ebb/" EBB_VERSION;

rt::error_code invalid() { return make_error_code(boost::system::errc::invalid_argument); }

bool is_token(std::string_view text) noexcept {
  for (const char c : text) {
    const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!alnum && std::string_view("!#$%&'*+-.^_`|~").find(c) == std::string_view::npos) return false;
  }
  return !text.empty();
}

bool is_value(std::string_view text) noexcept {
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f) return false;
  return true;
}

bool is_target(std::string_view text) noexcept {
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) return false;
  return !text.empty();
}

// Headers that say where a message ends, or that belong to the connection: written by us alone.
bool is_ours(std::string_view name) noexcept {
  return same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding") || same_name(name, "Connection");
}

void append_number(std::string& out, std::size_t n) {
  std::array<char, 20> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), n).ptr;
  out.append(text.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

rt::result<void> append_request(std::string& out, const request& req, std::string_view target, std::string_view host) {
  if (!is_token(req.method) || !is_target(target)) return invalid();
  out.append(req.method).append(" ").append(target).append(" HTTP/1.1\r\n");
  append_header(out, "Host", host);
  append_header(out, "User-Agent", user_agent);
  for (const auto& [name, value] : req.headers) {
    if (!is_token(name) || !is_value(value)) return invalid();
    if (!is_ours(name) && !same_name(name, "Host") && !same_name(name, "User-Agent")) append_header(out, name, value);
  }
  if (!req.body.empty() || req.method == "POST" || req.method == "PUT" || req.method == "PATCH") {
    out.append("Content-Length: ");
    append_number(out, req.body.size());
    out.append("\r\n");
  }
  out.append("\r\n").append(req.body);
  return {};
}

rt::result<void> append_response_head(std::string& out, const response& r, framing body, bool keep_alive, bool http11,
                                      std::string_view date) {
  if (r.status < 100 || r.status > 999) return invalid();
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(r.status));
  out.append(http11 ? "HTTP/1.1 " : "HTTP/1.0 ");
  append_number(out, r.status);
  out.append(" ").append(reason.data(), reason.size()).append("\r\n");
  append_header(out, "Date", date);
  for (const auto& [name, value] : r.headers) {
    if (!is_token(name) || !is_value(value)) return invalid();
    if (!is_ours(name) && !same_name(name, "Date")) append_header(out, name, value);
  }
  if (body == framing::length) {
    out.append("Content-Length: ");
    append_number(out, r.body.size());
    out.append("\r\n");
  } else if (body == framing::chunks) {
    append_header(out, "Transfer-Encoding", "chunked");
  }
  if (!keep_alive)
    append_header(out, "Connection", "close");
  else if (!http11)
    append_header(out, "Connection", "keep-alive");
  out.append("\r\n");
  return {};
}

}  // namespace ebb::http
