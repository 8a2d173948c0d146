#include "config/document.hpp"
#include "config/file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;

namespace {

std::string golden(const std::string& name) {
  return read_from_disk(ebb::test::source_dir() + "/tests/unit/config/golden/" + name, largest_file).text;
}

// toml++ words its errors differently from release to release.
std::vector<std::string> without_the_parsers_words(std::vector<std::string> lines) {
  constexpr std::string_view ours = " is not TOML";
  for (auto& line : lines)
    if (const auto at = line.find(ours); at != std::string::npos) line.resize(at + ours.size());
  return lines;
}

}  // namespace

TEST_CASE("a TOML file with everything wrong: every error is told, in the order of its lines") {
  const auto got = load_text(golden("everything_wrong.toml"), "ebb.toml");
  CHECK(joined(without_the_parsers_words(got.errors)) == golden("everything_wrong.errors"));
  for (const auto& line : got.errors) CHECK(line.find("hunter2") == std::string::npos);
}

TEST_CASE("what is no TOML is shown, with the mend") {
  const auto got = load_text("[drain]\n  settle = 10s\n", "f");
  REQUIRE(got.errors.size() == 1);
  CHECK_THAT(got.errors[0], ContainsSubstring("f:2:"));
  CHECK_THAT(got.errors[0],
             ContainsSubstring("; instead of \"settle = 10s\" write KEY = VALUE, each key once, texts and "
                               "durations in quotes"));
  CHECK(joined(load_text("", "f", {}, {"foo=1"}).errors) ==
        "--set: foo is not a key; ebb config --defaults shows all keys\n");
}

TEST_CASE("a broken header takes its section with it, and the rest is still judged") {
  const auto got = load_text("[drain\nsettle = 1\nnonsense = 2\n[log]\nlevel = \"loud\"\n", "f");
  REQUIRE(got.errors.size() == 2);
  CHECK_THAT(got.errors[0], ContainsSubstring("f:1:"));
  CHECK_THAT(got.errors[1], ContainsSubstring("f:5:1: log.level = \"loud\""));
}

TEST_CASE("a header that names nothing is an error like others") {
  for (const char* text :
       {"[[[x]]]\n[drain]\nsettle = 1\n", "[=]\n[drain]\nsettle = 1\n", "[.a]\n[drain]\nsettle = 1\n",
        "[]\n[drain]\nsettle = 1\n", "[[ [a]\n[drain]\nsettle = 1\n"}) {
    const auto got = load_text(text, "f");
    INFO(text << joined(got.errors));
    REQUIRE(got.errors.size() == 2);
    CHECK_THAT(got.errors[0], ContainsSubstring("f:1:"));
    CHECK_THAT(got.errors[1], ContainsSubstring("f:3:1: drain.settle = 1"));
  }
}

TEST_CASE("a key or a section that is there twice is an error") {
  CHECK_THAT(joined(load_text("[drain]\nsettle = \"1s\"\nsettle = \"2s\"\n", "f").errors), ContainsSubstring("f:3:"));
  CHECK_THAT(joined(load_text("[drain]\nsettle = \"1s\"\n[drain]\nquiet = \"2s\"\n", "f").errors),
             ContainsSubstring("f:3:"));
  CHECK_FALSE(load_text("[[drain]]\nsettle = \"1s\"\n", "f").ok());
}

TEST_CASE("dotted keys and inline tables are TOML too") {
  const auto got = load_text("drain.settle = \"3s\"\nlog = {level = \"debug\", format = \"json\"}\n", "f");
  REQUIRE(joined(got.errors) == "");
  CHECK(got.values.drain.settle == std::chrono::seconds(3));
  CHECK(got.values.log.level == log_level::debug);
}

TEST_CASE("a secret that is badly quoted does not show in the message") {
  for (const char* text :
       {"[dremio]\npassword = hunter2\n", "[dremio]\npassword = \"hunter2\n", "[dremio]\ntoken =\n\"hunter2\"\n",
        "[dremio]\nclient_secret = 123hunter2\n", "[dremio]\npassword = \"\"\"a\nb\\hunter2\"\"\"\n",
        "[dremio]\npassword = 20000000000000000000000002\n", "[dremio]\npassword = [\"hunter2\"]\n",
        "[dremio]\npassword = \"hunter2\\n\"\n"}) {
    const auto got = load_text(text, "f");
    INFO(text << joined(got.errors));
    CHECK_FALSE(got.ok());
    for (const auto& line : got.errors)
      if (line.find("is not a key") == std::string::npos)
        CHECK((line.find("hunter2") == std::string::npos && line.find("000000") == std::string::npos));
  }
}

TEST_CASE("there are at most 50 errors, and the others are counted") {
  std::string text = "[drain]\n";
  for (int i = 0; i < 80; ++i) text += "k" + std::to_string(i) + " = 1\n";
  const auto got = load_text(text, "f");
  REQUIRE(got.errors.size() == 51);
  CHECK(got.errors.back() == "and 30 more; mend these first");
  std::string unreadable;
  for (int i = 0; i < 500; ++i) unreadable += "=\n";
  CHECK(load_text(unreadable, "f").errors.size() == most_errors);
}

TEST_CASE("values of any size have a named fault") {
  auto fault = [](const std::string& line) { return joined(load_text(line, "f").errors); };
  CHECK_THAT(fault("[dremio]\nuser = \"" + std::string(9000, 'x') + "\""), ContainsSubstring("is longer than 8 KiB"));
  CHECK_THAT(fault("[retry]\nburst = 1e300"), ContainsSubstring("is too large"));
  CHECK_THAT(fault("[retry]\nburst = -inf"), ContainsSubstring("is not a finite number"));
  CHECK_THAT(fault("[drain]\nsettle = \"" + std::string(5000, '9') + "s\""),
             ContainsSubstring("is longer than a year"));
  std::string many = "[executor]\nforward = [";
  for (int i = 0; i < 100; ++i) many += "\"SIGUSR1\",";
  CHECK_THAT(fault(many + "]"), ContainsSubstring("has more than 32 entries"));
  CHECK_FALSE(load_text("[executor]\nforward = " + std::string(100'000, '[') + "\n", "f").ok());
  CHECK_FALSE(load_text(std::string(100'000, '['), "f").ok());
  CHECK(fault("[drain]\nsettle = \"" + std::string(5000, '9') + "s\"").size() < 300);
}
