#include "agent/core/last_node.hpp"
#include "agent/core/list_call.hpp"
#include "agent/core/merge.hpp"
#include "tests/support/catch.hpp"

using namespace ebb::core;

TEST_CASE("merge changes the own entry only, and nothing when nothing has to change") {
  struct row {
    deny_list before;
    wish w;
    std::optional<deny_list> after;
  };
  for (const auto& r : {
           row{{}, wish::denied, deny_list{"executor-1"}},
           row{{"b", "a"}, wish::denied, deny_list{"b", "a", "executor-1"}},
           row{{"b", "executor-1", "a"}, wish::denied, std::nullopt},
           row{{"executor-10"}, wish::denied, deny_list{"executor-10", "executor-1"}},  // no substrings
           row{{"EXECUTOR-1"}, wish::denied, deny_list{"EXECUTOR-1", "executor-1"}},    // case counts
           row{{"b", "executor-1", "a"}, wish::allowed, deny_list{"b", "a"}},
           row{{"executor-1", "x", "executor-1"}, wish::allowed, deny_list{"x"}},
           row{{"executor-10", "x", "x"}, wish::allowed, std::nullopt},  // others' duplicates stay
           row{{"executor-1"}, wish::leave_alone, std::nullopt},
           row{{}, wish::leave_alone, std::nullopt},
       })
    CHECK(merge(r.before, "executor-1", r.w) == r.after);
}

TEST_CASE("merge is idempotent: what it wrote needs no second writing") {
  for (wish w : {wish::denied, wish::allowed})
    for (const deny_list& before : {deny_list{}, deny_list{"n"}, deny_list{"a", "n", "n"}}) {
      const auto once = merge(before, "n", w).value_or(before);
      CHECK_FALSE(merge(once, "n", w));
      CHECK(contains(once, "n") == (w == wish::denied));
    }
}

TEST_CASE("what an answer to a list call means") {
  struct row {
    list_answer a;
    list_outcome expected;
  };
  const auto answer = [](unsigned status, bool is_list, bool message, bool writing, bool before) {
    return list_answer{status, is_list, message, writing, before};
  };
  for (const auto& r : {
           row{answer(200, true, false, false, false), list_outcome::ok},
           row{answer(200, false, false, false, false), list_outcome::retry},  // the UI's page, a proxy's
           row{answer(302, false, false, false, false), list_outcome::retry},
           row{answer(401, false, false, false, false), list_outcome::login_again},
           row{answer(403, false, true, false, false), list_outcome::unavailable},
           row{answer(404, false, true, false, false), list_outcome::unavailable},
           row{answer(403, false, false, false, false), list_outcome::retry},
           row{answer(404, false, false, false, false), list_outcome::retry},  // an ingress
           row{answer(404, false, true, false, true), list_outcome::retry},    // the list has been read before
           row{answer(403, false, true, true, true), list_outcome::retry},
           row{answer(400, false, true, true, true), list_outcome::rejected},
           row{answer(400, false, true, false, true), list_outcome::retry},
           row{answer(409, false, true, true, true), list_outcome::retry},
           row{answer(429, false, false, false, false), list_outcome::retry},
           row{answer(500, false, true, false, false), list_outcome::retry},
           row{answer(503, false, false, true, true), list_outcome::retry},
           row{answer(0, false, false, false, false), list_outcome::retry},
       }) {
    INFO("status " << r.a.status);
    CHECK(judge_list_answer(r.a) == r.expected);
  }
}

TEST_CASE("the last node of an engine is the one beside which nobody of it takes work") {
  const auto row = [](std::string name, std::string engine, std::string status = "green") {
    ebb::dremio::node_row r;
    r.name = std::move(name);
    r.engine = std::move(engine);
    r.status = std::move(status);
    r.is_executor = true;
    return r;
  };
  std::vector<ebb::dremio::node_row> rows = {row("a", "x"), row("b", "x"), row("c", "y")};
  CHECK(judge_last_node(rows, {}, "a") == last_node::no);
  CHECK(judge_last_node(rows, {"b"}, "a") == last_node::yes);
  CHECK(judge_last_node(rows, {}, "c") == last_node::yes);  // other engines do not count
  CHECK(judge_last_node(rows, {}, "z") == last_node::unknown);
  rows[1].status = "red";
  CHECK(judge_last_node(rows, {}, "a") == last_node::yes);
  rows[1].status = "green";
  rows[1].is_denied = true;
  CHECK(judge_last_node(rows, {}, "a") == last_node::yes);
  rows[1].is_executor = false;
  CHECK(judge_last_node(rows, {}, "b") == last_node::unknown);
}
