#pragma once
// The fleet by way of Leases: the wish in one of our own, the turn in one of the cluster's. Rights: leases get, list,
// create and update, and pods list, all in the own namespace.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/core/turn.hpp"
#include "agent/keeper/fleet_port.hpp"
#include "agent/rt/random.hpp"
#include "agent/upstream/api_server.hpp"

namespace ebb::upstream {

constexpr rt::duration announce_timeout = std::chrono::seconds(1);  // all requests of one announcement
constexpr rt::duration turn_timeout = std::chrono::seconds(1);      // of taking, and of giving back

class lease_fleet final : public keeper::fleet_port {
 public:
  // `who`: nothing for as long as the pod or the cluster is not known.
  lease_fleet(api_server& api, rt::random_source& random, std::function<std::optional<core::fleet_member>()> who)
      : api_(api), random_(random), who_(std::move(who)) {}

  rt::task<keeper::told> announce(core::wish w, std::string entry, rt::duration patience) override;
  rt::task<keeper::turn> take_turn(rt::duration patience) override;
  rt::task<> end_turn(bool all_answered) override;
  const std::string& trouble() const override { return trouble_; }

 private:
  struct answer {
    core::api_outcome outcome = core::api_outcome::retry;
    kubernetes::lease lease;  // of an ok
    std::optional<rt::duration> retry_after;
  };

  rt::task<answer> ask(std::string method, std::string name, std::string body, rt::deadline dl);
  rt::task<answer> put(kubernetes::lease wanted, kubernetes::object_meta replaced, rt::deadline dl);
  rt::task<answer> tell(kubernetes::lease wanted, rt::deadline dl);
  rt::task<answer> take(core::fleet_member me, rt::deadline dl);
  rt::task<core::api_outcome> read_wishes(core::fleet_member me, std::vector<core::fleet_wish>& wishes,
                                          rt::deadline dl);
  rt::task<> give_back(rt::deadline dl);
  void look_at_own(const std::vector<kubernetes::lease>& leases);

  api_server& api_;
  rt::random_source& random_;
  std::function<std::optional<core::fleet_member>()> who_;
  std::string trouble_;

  std::optional<kubernetes::lease> told_;       // what our Lease says
  std::optional<kubernetes::lease> attempted_;  // what it should say, and did not when it was last tried
  keeper::told attempt_ = keeper::told::no;     // how that ended
  rt::time_point again_at_{};
  core::api_pause pause_;
  bool was_told_ = false;  // in this life of the agent: another's Lease under its name is then a successor's

  std::optional<core::seen_turn> seen_turn_;
  std::optional<kubernetes::lease> mine_;  // the turn, while it is ours
  rt::time_point not_before_{};            // a write of ours may be applied until then
};

}  // namespace ebb::upstream
