#pragma once
// Asks the agent of this pod, at its control port.
#include <optional>
#include <string>

#include "agent/cli/context.hpp"
#include "agent/cli/status_view.hpp"
#include "agent/http/client.hpp"

namespace ebb::cli {

constexpr rt::duration call_timeout = std::chrono::seconds(5);
// An agent that is asked for a drain asks the coordinator first whether the node is the last of its engine.
constexpr rt::duration drain_call_timeout = std::chrono::seconds(30);
// Init replaces an agent that has died within 5 s, and one that hangs after 15 s.
constexpr rt::duration agent_comes_back = std::chrono::seconds(20);

struct agent_address {
  http::base_url url;
  bool loopback = false;  // elsewhere the bearer of listen.token_file is needed
};

// listen.control as a client reaches it: a wildcard is reached by the loopback. Nothing: not an address.
std::optional<agent_address> local_agent(const config::listen_settings& listen);

enum class reached : unsigned char {
  answered,  // with whatever status
  nobody,    // nothing listens there, and there is no agent that could: none of a resident
  lost,      // a time-out, a broken connection, an address that is none, an agent that is away
};

struct answer {
  reached how = reached::lost;
  unsigned status = 0;
  std::optional<status_view> view;  // of the body, where it is a status
  std::string body;
  std::string error;  // not a 2xx: who was asked, what happened, the mend; one line

  bool good() const { return how == reached::answered && status >= 200 && status < 300; }
};

class agent_client {
 public:
  explicit agent_client(context& c);

  rt::task<answer> status(rt::deadline dl);
  rt::task<answer> post(std::string target, rt::deadline dl);
  // Asks again until `dl` while there is no answer, but a resident whose agent is being replaced.
  rt::task<answer> patient_post(std::string target, rt::deadline dl);
  // The same after an answer: there was an agent, so that it comes back whether its init is seen or not.
  rt::task<answer> patient_status(rt::deadline dl);

 private:
  rt::task<bool> worth_another(answer& a, rt::deadline dl, bool answered_before);
  rt::task<answer> exchange(std::string method, std::string target, rt::deadline dl);
  answer describe(rt::result<http::response> response) const;

  context& context_;
  std::optional<agent_address> address_;
  std::optional<http::client> client_;
};

}  // namespace ebb::cli
