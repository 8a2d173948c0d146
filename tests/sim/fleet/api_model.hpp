#pragma once
// An API server without I/O: requests in, answers out, as contract A to F and a real server of 1.36 have them. What it
// does not serve (server-side apply, patches, sendInitialEvents) is answered as an error, and a watch without a
// resourceVersion gets what an unlucky one gets from a real server: 200 and an ERROR of 500 (contract B2).
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/http/message.hpp"
#include "tests/sim/fleet/api_access.hpp"
#include "tests/sim/fleet/api_store.hpp"
#include "tests/sim/fleet/api_watch.hpp"

namespace ebb::sim {

struct api_answer {
  unsigned status = 200;
  std::string body;
  http::header_list headers;  // beside Content-Type: application/json
  rt::duration takes{0};
  std::shared_ptr<api_watch> watch;  // the body is its frames, and has no end of its own
};

class api_model {
 public:
  static constexpr std::size_t largest_body = 3 * 1024 * 1024;

  explicit api_model(std::function<api_time()> now);
  api_model(const api_model&) = delete;

  // Who asks, what they may, and what comes of it. The request is recorded.
  api_answer handle(const http::request& r);

  api_access& access() { return access_; }
  const api_store& store() const { return store_; }
  std::vector<std::shared_ptr<api_watch>> watches() const;  // that somebody still reads

  // --- as controllers, kubelets and people change things; each is one write
  api_state create(const std::string& resource, api_object value);  // gets a uid and a creationTimestamp
  // Nothing when there is no such object. `change` gets a copy; what it leaves the same is written all the same.
  api_state change(const std::string& resource, const std::string& name_space, const std::string& name,
                   const std::function<void(api_object&)>& change);
  void remove(const std::string& resource, const std::string& name_space, const std::string& name);
  // DELETE of a pod with that grace (contract C1); without one, or with one that is negative, the rules for those.
  void delete_pod(const std::string& name_space, const std::string& name, std::optional<std::int64_t> grace = {});
  // Removes what belongs to owners that are gone, as the garbage collector does after a while.
  void collect_garbage();
  // As after a compaction: watches of older revisions are refused as expired.
  void forget_history() { store_.forget_all(); }

 private:
  api_answer answer(const api_request& r, const http::request& raw);
  api_answer get(const api_request& r) const;
  api_answer list(const api_request& r) const;
  api_answer watch(const api_request& r);
  api_answer add(const api_request& r, const std::string& body);
  api_answer replace(const api_request& r, const std::string& body);

  std::function<api_time()> now_;
  api_access access_;
  api_store store_;
  mutable std::vector<std::weak_ptr<api_watch>> watches_;
  std::size_t uids_ = 0;
};

}  // namespace ebb::sim
