#include "agent/cli/call.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>

#include "agent/upstream/secret_reader.hpp"
#include "config/secret.hpp"
#include "proto/printable.hpp"

namespace ebb::cli {

using namespace std::chrono_literals;

namespace {

constexpr rt::duration look_again = 500ms;
constexpr std::size_t excerpt = 300;  // bytes of an answer in an error

bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  rt::error_code not_literal;
  const auto address = rt::asio::ip::make_address(host, not_literal);
  return !not_literal && address.is_loopback();
}

// As local_agent() has it, to be compared. Empty: not known.
std::string listens_at(const std::string& control) {
  config::listen_settings listen;
  listen.control = control;
  const auto address = control.empty() ? std::nullopt : local_agent(listen);
  return address ? address->url.authority() : std::string();
}

}  // namespace

std::optional<agent_address> local_agent(const config::listen_settings& listen) {
  auto url = http::parse_base_url("http://" + listen.control);
  if (!url) return std::nullopt;
  if (url->host == "0.0.0.0" || url->host == "::") url->host = "127.0.0.1";
  return agent_address{*url, is_loopback(url->host)};
}

agent_client::agent_client(context& c) : context_(c), address_(local_agent(c.settings().listen)) {
  if (address_) client_.emplace(c.network, address_->url, rt::tls_options{});
}

rt::task<answer> agent_client::status(rt::deadline dl) { return exchange("GET", "/status", dl.sooner(call_timeout)); }

rt::task<answer> agent_client::post(std::string target, rt::deadline dl) {
  return exchange("POST", std::move(target), dl);
}

rt::task<answer> agent_client::patient_status(rt::deadline dl) {
  for (;;) {
    auto a = co_await status(dl);
    if (!co_await worth_another(a, dl, true)) co_return a;
  }
}

rt::task<answer> agent_client::patient_post(std::string target, rt::deadline dl) {
  for (;;) {
    auto a = co_await post(target, rt::deadline::after(context_.clock, call_timeout));
    if (!co_await worth_another(a, dl, false)) co_return a;
  }
}

// Where it is not worth it although there is an agent, the answer says so.
rt::task<bool> agent_client::worth_another(answer& a, rt::deadline dl, bool answered_before) {
  if (a.how == reached::answered || !address_) co_return false;
  const auto resident = context_.resident();
  if (!resident && !answered_before) co_return false;
  a.how = reached::lost;
  const auto asked = address_->url.authority();
  const auto theirs = resident ? listens_at(resident->control) : std::string();
  if (theirs.empty() || theirs == asked) {
    if (dl.left() > look_again) {
      co_await context_.clock.sleep_for(look_again);
      co_return true;
    }
  }
  if (!resident) co_return false;
  a.error = "the executor runs under Ebb (pid " + std::to_string(resident->pid) +
            "), but its agent does not answer at " + asked + "; ";
  if (theirs.empty())
    a.error +=
        "if it was given another listen.control, set EBB_LISTEN_CONTROL to the same here, else its log says more";
  else if (theirs == asked)
    a.error += "its log says more";
  else
    a.error += "it listens at " + theirs + ": set EBB_LISTEN_CONTROL=" + theirs;
  co_return false;
}

rt::task<answer> agent_client::exchange(std::string method, std::string target, rt::deadline dl) {
  answer out;
  if (!address_) {
    out.error = "listen.control = \"" + context_.settings().listen.control +
                "\" is no address to ask; write host:port, such as 127.0.0.1:9012";
    co_return out;
  }
  http::request request;
  request.method = std::move(method);
  request.target = std::move(target);
  request.headers.emplace_back("Accept", "application/json");
  const auto& token_file = context_.settings().listen.token_file;
  if (!address_->loopback && !token_file.empty()) {
    auto token = config::read_secret_file(token_file, "listen.token_file", upstream::reader_of(context_.files));
    if (!token.ok()) {
      out.error = token.error;
      co_return out;
    }
    request.headers.emplace_back("Authorization", "Bearer " + token.value);
  }
  auto response = co_await client_->exchange(std::move(request), dl);
  co_return describe(std::move(response));
}

answer agent_client::describe(rt::result<http::response> response) const {
  const auto who = "the agent at " + address_->url.authority();
  answer out;
  if (!response) {
    const auto& e = response.error();
    if (e == rt::asio::error::connection_refused) {
      out.how = reached::nobody;
      out.error = "no agent listens at " + address_->url.authority() +
                  "; start the executor by ebb run, or say by listen.control where its agent listens";
    } else if (e == boost::system::errc::timed_out) {
      out.error = who + " did not answer in time; its log says what it does";
    } else {
      out.error = who + " cannot be asked: " + e.message() + "; is listen.control right?";
    }
    return out;
  }
  out.how = reached::answered;
  out.status = response->status;
  out.body = std::move(response->body);
  if (auto view = parse_status(out.body)) out.view = std::move(*view);
  if (out.good()) {
    if (!out.view) out.error = who + " answered with something that is no status; is it Ebb that listens there?";
  } else if (out.view && !out.view->error.empty()) {
    out.error = out.view->error;
  } else {
    out.error = who + " answered " + std::to_string(out.status) + ": " + proto::printable(out.body, excerpt);
    if (out.status == 403) out.error += "; set listen.token_file to the agent's";
  }
  return out;
}

}  // namespace ebb::cli
