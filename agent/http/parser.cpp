#include "agent/http/parser.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

namespace ebb::http {

namespace {

namespace beast = boost::beast;
using beast::http::error;
using beast::http::field;

constexpr std::size_t most_fields = 100;
constexpr std::uint64_t most_reserved = 1024 * 1024;  // on the word of a Content-Length alone
constexpr std::size_t shortest_last_chunk = std::string_view("0\r\n\r\n").size();

std::string_view std_view(beast::string_view s) { return {s.data(), s.size()}; }

// Collects what both kinds of message have. Beast bounds only what is unparsed at once: a head that trickles in line by
// line would never end, so everything is counted here again. Trailers are dropped: nobody may act on them.
template <bool is_request, class Message>
class collector : public beast::http::basic_parser<is_request> {
 public:
  collector(std::size_t header_limit, std::size_t body_limit) : header_limit_(header_limit) {
    this->header_limit(static_cast<std::uint32_t>(header_limit));
    this->body_limit(body_limit);
    this->eager(true);
  }

  // Beast (1.81) asserts that a last chunk which came in parts has five bytes when it is looked at again, but a client
  // may well send four. Waiting loses nothing: every chunked body has five bytes still to come until it is complete.
  bool has_enough(std::string_view bytes) const {
    return !this->is_header_done() || this->is_done() || !this->chunked() || bytes.size() >= shortest_last_chunk;
  }

  Message message;

 protected:
  virtual void on_special_field(field, std::string_view, rt::error_code&) {}

  void count(std::size_t bytes, rt::error_code& ec) {
    header_size_ += bytes;
    if (header_size_ > header_limit_ || ++fields_ > most_fields) ec = error::header_limit;
  }

 private:
  // Beast asks for both, whichever kind is parsed.
  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, rt::error_code&) override {}
  void on_response_impl(int, beast::string_view, int, rt::error_code&) override {}

  void on_field_impl(field f, beast::string_view name, beast::string_view value, rt::error_code& ec) override {
    count(name.size() + value.size() + std::string_view(": \r\n").size(), ec);
    if (ec || in_body_) return;
    // Another coding than chunked, alone, leaves the end of the body to guessing.
    if (f == field::transfer_encoding && !beast::iequals(value, "chunked")) ec = error::bad_transfer_encoding;
    if (!ec) on_special_field(f, std_view(value), ec);
    if (!ec) message.headers.emplace_back(std_view(name), std_view(value));
  }
  void on_header_impl(rt::error_code& ec) override {
    in_body_ = true;
    on_head_complete(ec);
  }
  virtual void on_head_complete(rt::error_code&) {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, rt::error_code&) override {
    if (length) message.body.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, most_reserved)));
  }
  std::size_t on_body_impl(beast::string_view piece, rt::error_code&) override {
    message.body.append(piece.data(), piece.size());
    return piece.size();
  }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, rt::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, rt::error_code& ec) override {
    return on_body_impl(piece, ec);
  }
  void on_finish_impl(rt::error_code&) override {}

  std::size_t header_limit_, header_size_ = 0, fields_ = 0;
  bool in_body_ = false;
};

class request_collector final : public collector<true, request> {
 public:
  explicit request_collector(const request_parser::limits& bounds)
      : collector(bounds.header, bounds.body), target_limit_(bounds.target) {}

  bool http11 = true, wants_continue = false, has_request_line = false;
  unsigned refusal = 400;

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       rt::error_code& ec) override {
    has_request_line = true;
    http11 = version >= 11;
    if (target.size() > target_limit_) return refuse(414, error::header_limit, ec);
    count(method.size() + target.size(), ec);
    message.method = std_view(method);
    message.target = origin_form(std_view(target));
    if (message.target.empty()) ec = error::bad_target;
  }

  // "http://host/path" asks for "/path": every server has to take it.
  static std::string_view origin_form(std::string_view target) {
    if (target.starts_with('/') || target == "*") return target;
    const auto scheme = target.find("://");
    if (scheme == target.npos) return {};
    const auto path = target.find_first_of("/?", scheme + 3);
    if (path == target.npos) return "/";
    return target[path] == '/' ? target.substr(path) : std::string_view();
  }

  void on_special_field(field f, std::string_view value, rt::error_code& ec) override {
    if (f == field::host) ++hosts_;
    if (f == field::expect) {
      if (!beast::iequals(beast::string_view(value.data(), value.size()), "100-continue"))
        return refuse(417, error::bad_value, ec);
      wants_continue = http11;
    }
  }

  void on_head_complete(rt::error_code& ec) override {
    if (hosts_ > 1 || (http11 && hosts_ == 0)) ec = error::bad_field;
  }

  void refuse(unsigned status, error why, rt::error_code& ec) {
    refusal = status;
    ec = why;
  }

  std::size_t target_limit_;
  int hosts_ = 0;
};

class response_collector final : public collector<false, response> {
 public:
  using collector::collector;

 private:
  void on_response_impl(int code, beast::string_view, int, rt::error_code& ec) override {
    message.status = static_cast<unsigned>(code);
    // Never asked for, and what follows would not be HTTP.
    if (code < 100 || code == 101) ec = error::bad_status;
  }
  void on_head_complete(rt::error_code&) override { message.ended_by_close = need_eof(); }
};

}  // namespace

struct request_parser::impl {
  limits bounds;
  std::optional<request_collector> now;
};

request_parser::request_parser(limits bounds) : impl_(new impl{bounds, {}}) { restart(); }
request_parser::~request_parser() = default;

void request_parser::restart() { impl_->now.emplace(impl_->bounds); }

std::size_t request_parser::put(std::string_view bytes, rt::error_code& ec) {
  auto& now = *impl_->now;
  if (!now.has_enough(bytes)) return 0;
  const auto taken = now.put({bytes.data(), bytes.size()}, ec);
  if (ec == error::need_more) ec = {};
  if (!ec) return taken;
  if (ec == error::body_limit) now.refusal = 413;
  if (ec == error::header_limit && now.refusal == 400) {
    // Too long without even a request line: is it that line that does not end?
    const bool line_ends = now.has_request_line || bytes.substr(0, impl_->bounds.target).find("\r\n") != bytes.npos;
    now.refusal = line_ends ? 431 : 414;
  }
  return taken;
}

bool request_parser::done() const { return impl_->now->is_done(); }
bool request_parser::http11() const { return impl_->now->http11; }
bool request_parser::keep_alive() const { return impl_->now->keep_alive(); }
bool request_parser::wants_continue() const {
  return impl_->now->is_header_done() && !done() && impl_->now->wants_continue;
}
unsigned request_parser::refusal() const { return impl_->now->refusal; }
request& request_parser::message() { return impl_->now->message; }

struct response_parser::impl {
  std::size_t header_limit, body_limit;
  std::optional<response_collector> now;
};

response_parser::response_parser(std::size_t header_limit, std::size_t body_limit)
    : impl_(new impl{header_limit, body_limit, {}}) {
  restart(false);
}
response_parser::~response_parser() = default;

void response_parser::restart(bool without_body) {
  impl_->now.emplace(impl_->header_limit, impl_->body_limit);
  impl_->now->skip(without_body);
}

std::size_t response_parser::put(std::string_view bytes, rt::error_code& ec) {
  if (!impl_->now->has_enough(bytes)) return 0;
  const auto taken = impl_->now->put({bytes.data(), bytes.size()}, ec);
  if (ec == error::need_more) ec = {};
  return taken;
}

void response_parser::put_eof(rt::error_code& ec) { impl_->now->put_eof(ec); }
bool response_parser::begun() const { return impl_->now->got_some(); }
bool response_parser::has_head() const { return impl_->now->is_header_done(); }
bool response_parser::done() const { return impl_->now->is_done(); }
bool response_parser::keep_alive() const { return impl_->now->keep_alive(); }
response& response_parser::message() { return impl_->now->message; }

}  // namespace ebb::http
