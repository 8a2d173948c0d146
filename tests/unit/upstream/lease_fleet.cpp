#include "agent/upstream/lease_fleet.hpp"

#include <boost/json/parse.hpp>

#include "agent/keeper/turns.hpp"
#include "tests/sim/fleet/api_pods.hpp"
#include "tests/sim/fleet/api_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/sim/result_of.hpp"

namespace ebb::sim {
namespace {

using core::wish;
using keeper::told;
using keeper::turn;
using resource::leases;
using resource::pods;
using upstream::lease_fleet;

constexpr auto token_file = "/token";

config::settings settings_of(const std::string& pod) {
  config::settings s;
  s.kubernetes.url = api_server::url;
  s.kubernetes.token_file = token_file;
  s.pod.name = pod;
  s.pod.name_space = fleet_namespace;
  return s;
}

// One agent's view of the fleet, on a host of its own.
struct agent {
  agent(world& w, api_server& server, const std::string& pod)
      : at(w.add_host(pod).boot()),
        connection(at.net(), at.clock(), at.random()),
        api(connection, at.files()),
        fleet(api, at.random(), [this] { return who; }) {
    const auto made = server.model().create(pods, pod_object({.name = pod}));
    incarnate(server, pod, text_at(made->value(), {"metadata", "uid"}));
    api.configure(settings_of(pod));
  }
  void incarnate(api_server& server, const std::string& pod, const std::string& uid) {
    who = core::fleet_member{pod, fleet_namespace, uid, "executor", "c1"};
    at.files().put(token_file, server.model().access().issue({fleet_namespace, pod, uid, {}}));
  }

  host& at;
  upstream::upstream connection;
  upstream::api_server api;
  std::optional<core::fleet_member> who;
  lease_fleet fleet;
};

struct scene {
  scene() {
    api.model().access().allow_what_is_deployed(false);
    for (int i = 0; i < 3; ++i) agents.push_back(std::make_unique<agent>(w, api, "executor-" + std::to_string(i)));
    w.run_for(1s);
  }
  agent& at(std::size_t i) { return *agents.at(i); }
  template <class T>
  T wait_for(agent& a, rt::task<T> t) {
    return result_of(w, a.at, std::move(t));
  }
  told tell(std::size_t i, wish wanted) {
    return wait_for(at(i), at(i).fleet.announce(wanted, at(i).who->pod + ".headless", keeper::answer_patience));
  }
  bool announce(std::size_t i, wish wanted) { return tell(i, wanted) == told::yes; }
  turn take(std::size_t i) { return wait_for(at(i), at(i).fleet.take_turn(keeper::answer_patience)); }
  void end(std::size_t i, bool answered = true) {
    at(i).at.spawn(at(i).fleet.end_turn(answered));
    w.run_for(500ms);
  }
  std::string wish_of(std::size_t i) {
    const auto there = api.model().store().find(leases, fleet_namespace, "ebb-executor-" + std::to_string(i));
    return there ? text_at(there->value(), {"metadata", "annotations", "ebb.dev/wish"}) : "";
  }
  std::string holder() {
    const auto there = api.model().store().find(leases, fleet_namespace, "ebb-deny-list-c1");
    return there ? text_at(there->value(), {"spec", "holderIdentity"}) : "nobody ever";
  }
  std::size_t requests() { return api.model().access().records().size(); }
  void fault(api_fault what, std::string verb, std::string resource = leases, std::size_t count = 1000) {
    api_fault_rule rule;
    rule.what = what;
    rule.verb = std::move(verb);
    rule.resource = std::move(resource);
    rule.count = count;
    api.faults().add(rule);
  }

  world w{1};
  api_server api{w};
  std::vector<std::unique_ptr<agent>> agents;
};

}  // namespace

TEST_CASE("a wish is told with one request, and with none where it is known") {
  scene s;
  const auto before = s.requests();
  CHECK(s.announce(0, wish::allowed));
  CHECK(s.wish_of(0) == "allowed");
  CHECK(s.announce(0, wish::allowed));
  CHECK(s.announce(0, wish::denied));
  CHECK(s.wish_of(0) == "denied");
  CHECK(s.requests() - before == 2);
  CHECK(s.api.model().access().refused().empty());
}

TEST_CASE("a Lease that an earlier container of the pod has left is written over") {
  scene s;
  REQUIRE(s.announce(0, wish::denied));
  lease_fleet next(s.at(0).api, s.at(0).at.random(), [&] { return s.at(0).who; });
  CHECK(s.wait_for(s.at(0), next.announce(wish::allowed, "executor-0.headless", keeper::answer_patience)) == told::yes);
  CHECK(s.wish_of(0) == "allowed");
  CHECK(s.wait_for(s.at(0), next.announce(wish::denied, "executor-0.headless", keeper::answer_patience)) == told::yes);
  CHECK(s.wish_of(0) == "denied");
}

TEST_CASE("the successor of a pod takes its Lease over, and the old one leaves it alone from then on") {
  scene s;
  REQUIRE(s.announce(0, wish::denied));
  auto& old = s.at(0);
  // Of two pods with one name each has its own token; the old one is believed for a while.
  const auto model_pod = old.who->pod;
  s.api.model().remove(pods, fleet_namespace, model_pod);
  const auto made = s.api.model().create(pods, pod_object({.name = model_pod}));
  agent* successor = &s.at(1);
  successor->incarnate(s.api, model_pod, text_at(made->value(), {"metadata", "uid"}));
  CHECK(s.wait_for(*successor, successor->fleet.announce(wish::allowed, "executor-0.headless",
                                                         keeper::answer_patience)) == told::yes);
  CHECK(s.wish_of(0) == "allowed");
  CHECK(s.tell(0, wish::leave_alone) == told::no);
  CHECK(s.wish_of(0) == "allowed");
  CHECK_THAT(old.fleet.trouble(), ContainsSubstring("belongs to another pod"));
}

TEST_CASE("a Lease that somebody has removed is made anew") {
  scene s;
  REQUIRE(s.announce(0, wish::allowed));
  s.api.model().remove(leases, fleet_namespace, "ebb-executor-0");
  CHECK(s.announce(0, wish::denied));
  CHECK(s.wish_of(0) == "denied");
}

TEST_CASE("an announcement takes a second at most and is not tried again at once") {
  scene s;
  s.fault(api_fault::silence, "create");
  const auto began = s.w.now();
  CHECK(s.tell(0, wish::denied) == told::unanswered);
  CHECK(s.w.now() - began <= 1100ms);
  CHECK_FALSE(s.at(0).fleet.trouble().empty());
  const auto before = s.requests();
  CHECK(s.tell(0, wish::denied) == told::unanswered);
  CHECK(s.requests() == before);
  CHECK_FALSE(s.announce(0, wish::allowed));  // what is new is tried
  CHECK(s.requests() > before);
}

TEST_CASE("a Lease whose every change is a conflict is not told, and is tried again after a pause") {
  scene s;
  REQUIRE(s.announce(0, wish::allowed));
  s.fault(api_fault::conflict, "update");
  CHECK(s.tell(0, wish::denied) == told::unanswered);
  CHECK_FALSE(s.at(0).fleet.trouble().empty());
  const auto before = s.requests();
  CHECK(s.tell(0, wish::denied) == told::unanswered);
  CHECK(s.requests() == before);
}

TEST_CASE("a wish that is new does not wait for what failed before it") {
  scene s;
  s.fault(api_fault::unavailable, "create");
  for (int n = 0; n < 8; ++n, s.w.run_for(60s)) CHECK(s.tell(0, wish::allowed) == told::unanswered);
  CHECK(s.tell(0, wish::denied) == told::unanswered);
  s.api.faults().clear();
  s.w.run_for(1700ms);
  CHECK(s.tell(0, wish::denied) == told::yes);
}

TEST_CASE("who has little patience gives a turn that is no good back within it") {
  scene s;
  s.fault(api_fault::silence, "list");
  s.fault(api_fault::silence, "update");
  const auto began = s.w.now();
  CHECK(s.wait_for(s.at(0), s.at(0).fleet.take_turn(400ms)).what == turn::kind::unanswered);
  CHECK(s.w.now() - began <= 1200ms);
}

TEST_CASE("without the right to write Leases the error says so, once a minute") {
  scene s;
  s.api.model().access().deny("create", leases);
  CHECK(s.tell(0, wish::denied) == told::no);
  CHECK_THAT(s.at(0).fleet.trouble(), ContainsSubstring("HTTP 403") && ContainsSubstring("deploy/rbac.yaml"));
  const auto before = s.requests();
  s.w.run_for(59s);
  CHECK_FALSE(s.announce(0, wish::denied));
  CHECK(s.requests() == before);
  s.w.run_for(62s);
  CHECK_FALSE(s.announce(0, wish::denied));
  CHECK(s.requests() == before + 1);
}

TEST_CASE("who has the turn knows the others' wishes, and nobody else has it") {
  scene s;
  REQUIRE(s.announce(0, wish::denied));
  REQUIRE(s.announce(1, wish::allowed));
  REQUIRE(s.announce(2, wish::leave_alone));
  const auto began = s.w.now();
  const auto mine = s.take(2);
  REQUIRE(mine.what == turn::kind::mine);
  CHECK(mine.wishes == std::vector<core::fleet_wish>{{"executor-0", "executor-0.headless", wish::denied},
                                                     {"executor-1", "executor-1.headless", wish::allowed}});
  CHECK(mine.until <= began + 3s + 100ms);
  CHECK(s.holder() == "executor-2_" + s.at(2).who->uid);
  CHECK(s.take(0).what == turn::kind::busy);
  s.end(2);
  CHECK(s.holder() == "");
  CHECK(s.take(0).what == turn::kind::mine);
  CHECK(s.api.model().access().refused().empty());
}

TEST_CASE("where nobody else wishes anything the pods are not asked for") {
  scene s;
  REQUIRE(s.announce(0, wish::denied));
  REQUIRE(s.announce(1, wish::leave_alone));
  const auto before = s.requests();
  CHECK(s.take(0).wishes.empty());
  CHECK(s.requests() - before == 3);  // the Lease is missed and made, the wishes are listed
}

TEST_CASE("a wish of a pod that is gone is not applied") {
  scene s;
  REQUIRE(s.announce(0, wish::denied));
  s.api.model().remove(pods, fleet_namespace, "executor-0");
  const auto mine = s.take(1);
  CHECK(mine.what == turn::kind::mine);
  CHECK(mine.wishes.empty());
}

TEST_CASE("a holder that died is replaced five seconds after it was first seen, whatever clocks say") {
  scene s;
  REQUIRE(s.take(0).what == turn::kind::mine);
  s.at(1).at.clock().jump(-87'600h);
  CHECK(s.take(1).what == turn::kind::busy);
  s.w.run_for(4500ms);
  CHECK(s.take(1).what == turn::kind::busy);
  s.w.run_for(600ms);
  CHECK(s.take(1).what == turn::kind::mine);
}

TEST_CASE("after a write without an answer nobody is let in before the Lease has run out") {
  scene s;
  REQUIRE(s.take(0).what == turn::kind::mine);
  s.end(0, false);
  CHECK_FALSE(s.holder().empty());
  CHECK(s.take(1).what == turn::kind::busy);
  CHECK(s.take(0).what == turn::kind::busy);
  s.w.run_for(5s);
  CHECK(s.take(0).what == turn::kind::mine);
}

TEST_CASE("a turn that was taken and whose answer was lost is taken again") {
  scene s;
  REQUIRE(s.take(1).what == turn::kind::mine);
  s.end(1);
  s.fault(api_fault::lost_answer, "update", leases, 1);
  (void)s.take(0);
  CHECK(s.take(0).what == turn::kind::mine);
}

TEST_CASE("without the wishes or the pods there is no turn, and the Lease is given back") {
  for (const char* missing : {leases, pods}) {
    CAPTURE(missing);
    scene s;
    REQUIRE(s.announce(1, wish::denied));
    s.api.model().access().deny("list", missing);
    CHECK(s.take(0).what == turn::kind::unavailable);
    CHECK_THAT(s.at(0).fleet.trouble(), ContainsSubstring("HTTP 403"));
    CHECK(s.holder() == "");
  }
}

TEST_CASE("an API server that answers nothing costs a second, and may give the turn at the next try") {
  scene s;
  s.fault(api_fault::silence, "get");
  const auto began = s.w.now();
  CHECK(s.take(0).what == turn::kind::unanswered);
  CHECK(s.w.now() - began <= 1100ms);
  CHECK_FALSE(s.at(0).fleet.trouble().empty());
}

TEST_CASE("answers that mean nothing are no turn and no announcement") {
  for (const auto what :
       {api_fault::not_json, api_fault::rubbish, api_fault::cut, api_fault::internal, api_fault::too_many_text}) {
    scene s;
    REQUIRE(s.announce(1, wish::denied));
    s.fault(what, "list");
    CHECK(s.take(0).what == turn::kind::unanswered);
    CHECK(s.holder() == "");
    s.api.faults().clear();
    s.fault(what, "create");
    CHECK(s.tell(0, wish::denied) == told::unanswered);
    CHECK_FALSE(s.at(0).fleet.trouble().empty());
  }
}

TEST_CASE("a wish that was written over is told again") {
  scene s;
  REQUIRE(s.announce(0, wish::denied));
  s.api.model().remove(leases, fleet_namespace, "ebb-executor-0");
  REQUIRE(s.take(0).what == turn::kind::mine);  // which lists the wishes, and finds the own one missing
  CHECK(s.announce(0, wish::denied));
  CHECK(s.wish_of(0) == "denied");
}

TEST_CASE("as long as it is not known who we are nothing is asked") {
  scene s;
  s.at(0).who.reset();
  const auto before = s.requests();
  CHECK(s.wait_for(s.at(0), s.at(0).fleet.announce(wish::denied, "executor-0", keeper::answer_patience)) == told::no);
  CHECK(s.take(0).what == turn::kind::unavailable);
  CHECK(s.requests() == before);
  CHECK(s.at(0).fleet.trouble().empty());
}

TEST_CASE("a thousand wishes take few pages, more than ten thousand take no turn") {
  scene s;
  const auto add = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      const auto name = "w-" + std::to_string(i);
      const auto pod = s.api.model().create(pods, pod_object({.name = name}));
      const auto told = kubernetes::write_lease(core::wish_lease(
          {name, fleet_namespace, text_at(pod->value(), {"metadata", "uid"}), "executor", "c1"}, name, wish::denied));
      s.api.model().create(leases, boost::json::parse(told).as_object());
    }
  };
  add(0, 1000);
  const auto before = s.requests();
  const auto mine = s.take(0);
  CHECK(mine.wishes.size() == 1000);
  CHECK(s.requests() - before == 6);  // the Lease twice, one page of wishes, three of pods
  s.end(0);
  add(1000, 10'001);
  CHECK(s.take(0).what == turn::kind::unavailable);
  CHECK_THAT(s.at(0).fleet.trouble(), ContainsSubstring("10000"));
}

}  // namespace ebb::sim
