#pragma once
// The Kubernetes API server as a pod sees it: the service account's token, its CA alone, short calls and watches.
#include <memory>
#include <optional>
#include <string>

#include "agent/core/api_call.hpp"
#include "agent/rt/files.hpp"
#include "agent/upstream/upstream.hpp"

namespace ebb::upstream {

constexpr rt::duration api_timeout = std::chrono::seconds(5);  // of one short call, unless the caller has less time
constexpr std::size_t largest_api_error = 64 * 1024;

struct api_reply {
  core::api_outcome outcome = core::api_outcome::retry;
  unsigned status = 0;  // 0: no answer
  std::string body;
  std::string error;  // one line for people, with the mend where there is one; empty when ok
  std::optional<rt::duration> retry_after;
  std::optional<rt::wall_time> date;  // the server's clock, in whole seconds
};

// A watch whose head has come, or why there is none.
struct api_watch {
  std::unique_ptr<http::body_reader> body;  // of a 200 only
  api_reply reply;                          // without the body of a 200
};

class api_server {
 public:
  api_server(upstream& server, rt::file_store& files) : server_(server), files_(files) {}

  void configure(const config::settings& s);

  // There is a server to ask, and the pod's own name and namespace are known.
  bool configured() const { return server_.configured() && !name_space_.empty(); }
  // Why it is not, for people.
  std::string missing() const;

  const std::string& name_space() const { return name_space_; }

  // Where the objects of the own namespace are: collection("/api/v1", "pods") is "/api/v1/namespaces/NS/pods". One of
  // them where a name is given.
  std::string collection(std::string_view group, std::string_view resource, std::string_view name = {}) const;
  rt::clock_source& clock() const { return server_.clock(); }

  // One attempt with the token of now, at most until `dl` and api_timeout. A 401 is repeated once when the token's file
  // holds another one by then. `target`: path and query. `accept`: application/json unless told.
  rt::task<api_reply> call(std::string method, std::string target, std::string body, rt::deadline dl,
                           std::string accept = {});
  rt::task<api_reply> get(std::string target, rt::deadline dl) { return call("GET", std::move(target), {}, dl); }

  // The same for a stream of events; never sent without a resourceVersion by those who use it.
  rt::task<api_watch> watch(std::string target, rt::deadline dl);

  // Takes a retry out of the budget.
  rt::duration pause_before_retry(std::optional<rt::duration> wish) { return server_.pause_before_retry(wish); }

  // An answer that arrived and makes no sense.
  void complain(std::string why) { server_.complain(std::move(why)); }

 private:
  std::string token(std::string& error);
  std::optional<http::request> request(std::string method, std::string target, std::string body, std::string accept,
                                       std::string& token, api_reply& failed);

  upstream& server_;
  rt::file_store& files_;
  std::string token_file_, name_space_;
};

}  // namespace ebb::upstream
