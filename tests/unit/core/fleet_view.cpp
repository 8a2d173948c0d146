#include "agent/core/fleet_view.hpp"

#include "tests/support/catch.hpp"

using namespace ebb::core;

namespace {

const std::string domain = ".headless.demo.svc";
const std::map<std::string, std::string> living = {{"e-0", "u0"}, {"e-1", "u1"}, {"e-2", "u2"}, {"e-3", "u3"}};

ebb::kubernetes::lease wish_of(const std::string& pod, const std::string& uid, const std::string& node, wish w) {
  return wish_lease({pod, "demo", uid, "e", "c1"}, node, w);
}

}  // namespace

TEST_CASE("the wishes and the list stand side by side, what needs somebody first") {
  const std::vector leases = {
      wish_of("e-0", "u0", "e-0" + domain, wish::denied),       // and on the list
      wish_of("e-1", "u1", "e-1" + domain, wish::denied),       // and not
      wish_of("e-2", "u2", "e-2" + domain, wish::allowed),      // and on the list
      wish_of("e-3", "u3", "e-3" + domain, wish::leave_alone),  // and on the list: a person's
      wish_of("e-9", "u9", "e-9" + domain, wish::denied),       // its pod is gone, its entry is there
  };
  const deny_list list = {"x", "e-0" + domain, "e-2" + domain, "e-3" + domain, "e-9" + domain, "e-8" + domain, "x"};
  const auto view = compare(leases, living, "c1", list, "e-0" + domain);
  CHECK(view.nodes == std::vector<compared>{
                          {"e-8" + domain, wish::leave_alone, true, standing::stale},
                          {"e-9" + domain, wish::leave_alone, true, standing::stale},
                          {"e-1" + domain, wish::denied, false, standing::missing},
                          {"e-2" + domain, wish::allowed, true, standing::left_over},
                          {"e-0" + domain, wish::denied, true, standing::as_wished},
                          {"e-3" + domain, wish::leave_alone, true, standing::of_person},
                          {"x", wish::leave_alone, true, standing::foreign},
                      });
  CHECK(view.left.empty());
}

TEST_CASE("only what looks like a node of this fleet is called stale") {
  const auto is = [](const std::string& entry, const std::string& own) {
    return compare({}, living, "c1", {entry}, own).nodes.front().is;
  };
  CHECK(is("e-17" + domain, "e-0" + domain) == standing::stale);
  CHECK(is("e-17", "e-0") == standing::stale);
  CHECK(is("e-17.other", "e-0" + domain) == standing::foreign);
  CHECK(is("f-17" + domain, "e-0" + domain) == standing::foreign);
  CHECK(is("10.0.0.17", "e-0" + domain) == standing::foreign);
  CHECK(is("e-1" + domain, "e-0" + domain) == standing::of_person);
}

TEST_CASE("a wish of a living pod that nobody applies is told, one of a pod that is gone is not") {
  const auto view =
      compare(std::vector{wish_of("e-0", "u0", "e-1", wish::denied), wish_of("e-7", "u", "e-7", wish::denied)}, living,
              "c1", {}, "e-0");
  CHECK(view.nodes.empty());
  CHECK(view.left == std::vector<aside>{{"ebb-e-0", "e-1", set_aside::other_node}});
}
