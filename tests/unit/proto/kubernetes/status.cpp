#include "proto/kubernetes/status.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/proto/kubernetes/data.hpp"

using namespace ebb::kubernetes;
using namespace std::chrono_literals;
using ebb::test::kubernetes_object;

TEST_CASE("a Status tells its code, its reason and what it says") {
  const status conflict = parse_status(kubernetes_object("status-conflict.json"));
  CHECK(conflict.from_api);
  CHECK(conflict.code == 409);
  CHECK(conflict.reason == "Conflict");
  CHECK_THAT(conflict.message, Catch::StartsWith("Operation cannot be fulfilled on leases.coordination.k8s.io \"ebb-"));
  CHECK_FALSE(conflict.retry_after);
  CHECK(conflict.causes.empty());
}

TEST_CASE("a Status tells its causes and when to come again") {
  const status large = parse_status(kubernetes_object("status-too-large.json"));
  CHECK(large.code == 504);
  CHECK(large.retry_after == 1s);
  CHECK(large.has_cause("ResourceVersionTooLarge"));
  CHECK_FALSE(large.has_cause("DisruptionBudget"));
}

TEST_CASE("an error that is plain text is its message") {
  const status overload = parse_status(kubernetes_object("overload.txt"));
  CHECK_FALSE(overload.from_api);
  CHECK_FALSE(overload.code);
  CHECK(overload.reason == "");
  CHECK(overload.message == "Too many requests, please try again later.");
}

TEST_CASE("no body is wrong: empty, other JSON, other types, another kind") {
  CHECK(parse_status("").message == "");
  CHECK(parse_status("[1,\n2]").message == "[1, 2]");
  CHECK(parse_status(R"({"kind":"Pod"})").message == R"({"kind":"Pod"})");
  CHECK_FALSE(parse_status(R"({"kind":"Status","code":"409"})").from_api);
  const status bare = parse_status(R"({"kind":"Status","details":null,"code":99999})");
  CHECK(bare.from_api);
  CHECK_FALSE(bare.code);
  CHECK(parse_status(R"({"kind":"Status","details":{"retryAfterSeconds":0}})").retry_after == std::nullopt);
}

TEST_CASE("a message is one printable line of bounded length") {
  const status read = parse_status(R"({"kind":"Status","message":"a\nb)" + std::string(1000, 'x') + "\"}");
  CHECK_THAT(read.message, Catch::StartsWith("a bxxx"));
  CHECK(read.message.size() == reason_limit);
  CHECK(parse_status(std::string(100'000, '<')).message.size() == reason_limit);
}
