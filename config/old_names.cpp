#include "config/old_names.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "config/duration.hpp"
#include "config/syntax.hpp"

namespace ebb::config {
namespace {

std::string old_name(std::string_view variable) { return std::string(variable) + " (old name)"; }

// The variable's value unless it is absent, empty or a service link's.
std::string_view said(const environment& env, std::string_view variable) {
  const auto value = value_of(env, variable);
  return is_service_address(value) ? std::string_view{} : value;
}

void assign(assembly& to, std::string_view key_name, std::string text, std::string_view variable) {
  to.try_assign(*find_key(key_name), {std::move(text)}, old_name(variable), old_name(variable));
}

// The hooks handed their addresses to curl, which takes http:// when no scheme is given.
std::string with_scheme(std::string_view address) {
  std::string out = address.find("://") == std::string_view::npos ? "http://" : "";
  return out.append(address);
}

// The hooks put the path of the API behind the end point, or had it in there.
std::string without_api_path(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  for (std::string_view path : {"/api/v1/query", "/api/v1"})
    if (url.ends_with(path)) url.resize(url.size() - path.size());
  return url;
}

std::optional<double> positive(std::string_view text) {
  double number = 0;
  const auto* end = text.data() + text.size();
  auto [stopped, error] = std::from_chars(text.data(), end, number);
  const bool fine = error == std::errc{} && stopped == end && number > 0 && number < 1e9;
  return fine ? std::optional(number) : std::nullopt;
}

std::optional<double> number_of(const environment& env, std::string_view variable, assembly& to) {
  const auto text = said(env, variable);
  if (text.empty()) return std::nullopt;
  auto number = positive(text);
  if (!number) to.warn(old_name(variable) + " = " + shown(text) + " is not a number above 0; ignored");
  return number;
}

duration seconds(double number, duration longest_one) {
  return duration(static_cast<std::int64_t>(std::min(number * 1000, static_cast<double>(longest_one.count()))));
}

void apply_port(const environment& env, assembly& to) {
  const auto text = said(env, "PROMETHEUS_PORT");
  if (text.empty()) return;
  const auto url = "http://127.0.0.1:" + std::string(text);
  if (text.find('/') != std::string_view::npos || !url_fault(url).empty())
    return to.warn("PROMETHEUS_PORT (old name) = " + shown(text) + " is not a port; ignored");
  to.values.prometheus.instance_port = text;
  assign(to, "executor.admin_url", url, "PROMETHEUS_PORT");
}

void apply_patience(const environment& env, assembly& to) {
  const auto wait = number_of(env, "PROMETHEUS_WAIT_TIME", to);
  const auto retries = number_of(env, "PROMETHEUS_QUERY_MAX_RETRIES", to);
  if (!wait) return;
  const auto& poll = *find_key("drain.poll");
  const auto bounded = std::clamp(seconds(*wait, duration(poll.high)), duration(poll.low), duration(poll.high));
  assign(to, "drain.poll", format_duration(bounded), "PROMETHEUS_WAIT_TIME");
  if (!retries) return;
  const auto product = std::max(seconds(*wait * *retries, longest_old_grace), duration(find_key("drain.grace")->low));
  constexpr auto both = "PROMETHEUS_WAIT_TIME x PROMETHEUS_QUERY_MAX_RETRIES";
  assign(to, "drain.grace", format_duration(product), both);
  to.values.drain.grace_from_old_variables = true;
}

}  // namespace

void apply_old_names(const environment& env, assembly& to) {
  if (auto url = said(env, "DREMIO_URL"); !url.empty()) assign(to, "dremio.url", with_scheme(url), "DREMIO_URL");
  if (auto user = said(env, "DREMIO_USER"); !user.empty()) assign(to, "dremio.user", std::string(user), "DREMIO_USER");
  if (auto password = said(env, "DREMIO_PASSWORD"); !password.empty())
    assign(to, "dremio.password", std::string(password), "DREMIO_PASSWORD");
  if (auto endpoint = said(env, "PROMETHEUS_ENDPOINT"); !endpoint.empty())
    assign(to, "prometheus.url", without_api_path(with_scheme(endpoint)), "PROMETHEUS_ENDPOINT");
  apply_port(env, to);
  apply_patience(env, to);
}

}  // namespace ebb::config
