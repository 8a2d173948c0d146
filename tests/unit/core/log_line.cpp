#include "agent/core/log_line.hpp"

#include <limits>
#include <type_traits>

#include "tests/support/catch.hpp"

namespace ebb::core {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::sys_time<std::chrono::milliseconds> at{1'785'576'600'007ms};  // 2026-08-01T09:30:00.007Z

std::string line(std::initializer_list<log_field> fields, log_format format = log_format::logfmt) {
  return render({at, log_level::info, "state", {fields.begin(), fields.size()}}, format);
}

// What follows the fixed part.
std::string tail(std::initializer_list<log_field> fields, log_format format = log_format::logfmt) {
  const auto whole = line(fields, format);
  const std::string mark = format == log_format::json ? "\"event\":\"state\"" : "event=state";
  return whole.substr(whole.find(mark) + mark.size());
}

TEST_CASE("a line carries its time in UTC, its level, whose it is and the event first", "[log]") {
  CHECK(line({{"from", "serving"}, {"to", "draining"}}) ==
        "time=2026-08-01T09:30:00.007Z level=info app=ebb event=state from=serving to=draining\n");
  CHECK(line({{"from", "serving"}}, log_format::json) ==
        "{\"time\":\"2026-08-01T09:30:00.007Z\",\"level\":\"info\",\"app\":\"ebb\",\"event\":\"state\","
        "\"from\":\"serving\"}\n");
}

TEST_CASE("each type of value has one form, and an unknown number is null", "[log]") {
  const std::optional<int> unknown, known = 3;
  CHECK(tail({{"n", -1}, {"u", std::numeric_limits<std::uint64_t>::max()}, {"d", 0.5}, {"b", true}, {"c", 'x'}}) ==
        " n=-1 u=18446744073709551615 d=0.5 b=true c=120\n");
  CHECK(tail({{"a", unknown}, {"b", known}, {"nan", std::numeric_limits<double>::quiet_NaN()}}) ==
        " a=null b=3 nan=null\n");
  CHECK(tail({{"a", unknown}, {"b", false}}, log_format::json) == ",\"a\":null,\"b\":false}\n");
  CHECK(tail({{"left", std::chrono::nanoseconds(4200ms)}}) == " left=\"4.2 s\"\n");
}

TEST_CASE("text that would break the line is quoted, escaped or made printable", "[log]") {
  CHECK(tail({{"r", ""}}) == " r=\"\"\n");
  CHECK(tail({{"r", "two words"}}) == " r=\"two words\"\n");
  CHECK(tail({{"r", "a=b"}}) == " r=\"a=b\"\n");
  CHECK(tail({{"r", "say \"x\\y\""}}) == " r=\"say \\\"x\\\\y\\\"\"\n");
  CHECK(tail({{"r", "a\nlevel=error\x1b[31m"}}) == " r=\"a level=error [31m\"\n");
  CHECK(tail({{"r", "\xff"}}, log_format::json) == ",\"r\":\"?\"}\n");
  CHECK(tail({{"r", "grün"}}, log_format::json) == ",\"r\":\"grün\"}\n");
}

TEST_CASE("a line never exceeds what a pipe takes whole, and says that it was cut", "[log]") {
  const std::string long_text(10'000, 'x');
  for (const auto format : {log_format::logfmt, log_format::json}) {
    const auto one = line({{"a", long_text}}, format);
    CHECK(one.size() < longest_value + 200);
    const auto many =
        line({{"a", long_text}, {"b", long_text}, {"c", long_text}, {"d", long_text}, {"e", "short"}}, format);
    CHECK(many.size() <= longest_line);
    CHECK(many.size() > longest_line - longest_value - 200);
    CHECK_THAT(many, ContainsSubstring("truncated"));
    CHECK(many.back() == '\n');
  }
}

TEST_CASE("a secret cannot be logged", "[log]") {
  STATIC_REQUIRE_FALSE(std::is_constructible_v<log_value, const secret&>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<log_value, secret>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<secret, std::string>);
}

TEST_CASE("a secret moves whole and leaves nothing behind", "[log]") {
  secret from(std::string(100, 's'));
  secret to(std::move(from));
  CHECK(from.empty());
  CHECK(to.reveal() == std::string(100, 's'));
  to = secret("short");
  CHECK(to.reveal() == "short");
}

}  // namespace
}  // namespace ebb::core
