#include "agent/upstream/upstream.hpp"

#include <algorithm>
#include <boost/system/errc.hpp>
#include <charconv>

#include "proto/dremio/error_body.hpp"

namespace ebb::upstream {

upstream::upstream(rt::network& net, rt::clock_source& clock, rt::random_source& random)
    : net_(net),
      clock_(clock),
      random_(random),
      bucket_(config::retry_settings{}.burst, config::retry_settings{}.ratio) {}

void upstream::configure(const std::string& url, const rt::tls_options& tls, const config::retry_settings& retry) {
  bucket_.configure(retry.burst, retry.ratio);
  auto parsed =
      url.empty()
          ? boost::system::result<http::base_url>(rt::error_code(make_error_code(boost::system::errc::not_connected)))
          : http::parse_base_url(url);
  stats_.configured = parsed.has_value();
  if (!parsed) {
    client_.reset();
    return;
  }
  rt::tls_options wanted = tls;
  wanted.enabled = parsed->tls;
  const bool same =
      client_ && parsed->text() == url_.text() && wanted.verify == tls_.verify && wanted.ca_file == tls_.ca_file;
  if (same) return;
  url_ = *parsed;
  tls_ = wanted;
  client_ = std::make_shared<http::client>(net_, url_, tls_);
}

rt::task<rt::result<http::response>> upstream::call(http::request req, rt::deadline dl) {
  const auto client = client_;
  if (!client) co_return make_error_code(boost::system::errc::not_connected);
  const auto began = clock_.now();
  auto answer = co_await client->exchange(std::move(req), dl);
  count(answer ? answer->status : 0, !answer && answer.error() == boost::system::errc::timed_out, began);
  if (!*stats_.ok) stats_.error = describe(answer);
  co_return answer;
}

rt::task<rt::result<std::unique_ptr<http::body_reader>>> upstream::open(http::request req, rt::deadline dl) {
  const auto client = client_;
  if (!client) co_return make_error_code(boost::system::errc::not_connected);
  const auto began = clock_.now();
  auto answer = co_await client->open(std::move(req), dl);
  count(answer ? (*answer)->status() : 0, !answer && answer.error() == boost::system::errc::timed_out, began);
  if (!*stats_.ok) stats_.error = answer ? "HTTP " + std::to_string((*answer)->status()) : answer.error().message();
  co_return answer;
}

void upstream::count(unsigned status, bool timed_out, rt::time_point began) {
  const auto outcome = core::outcome_of(status, timed_out);
  ++stats_.requests[static_cast<std::size_t>(outcome)];
  stats_.seconds.observe(clock_.now() - began);
  stats_.ok = outcome == core::request_outcome::ok;
  stats_.error.clear();
  if (!*stats_.ok) return;
  backoff_.reset();
  bucket_.success();
}

rt::duration upstream::pause_before_retry(std::optional<rt::duration> wanted) {
  ++stats_.retries;
  const auto now = clock_.now();
  const auto pause = backoff_.next(random_.unit(), wanted.value_or(rt::duration{0}));
  if (bucket_.take(now)) return pause;
  // The floor grants one later on, and that one is taken now: the caller does come back then.
  ++stats_.exhausted;
  const auto granted = std::max(now, bucket_.free_at());
  (void)bucket_.take(granted);
  return std::max(pause, granted - now);
}

void upstream::complain(std::string why) {
  stats_.ok = false;
  stats_.error = std::move(why);
}

core::request_stats upstream::stats() const {
  auto s = stats_;
  s.budget = bucket_.tokens();
  return s;
}

std::optional<rt::duration> retry_after(const http::header_list& headers) {
  constexpr long longest = 3600;
  const auto value = http::find_header(headers, "Retry-After");
  long seconds = 0;
  if (!value || std::from_chars(value->data(), value->data() + value->size(), seconds).ec != std::errc{} || seconds < 0)
    return std::nullopt;
  return std::chrono::seconds(std::min(seconds, longest));
}

std::string describe(const rt::result<http::response>& r) {
  if (!r) return r.error().message();
  const auto body = dremio::parse_error_body(r->body);
  return "HTTP " + std::to_string(r->status) + (body.text.empty() ? std::string() : ": " + body.text);
}

}  // namespace ebb::upstream
