#include "agent/cli/check_text.hpp"

#include "tests/support/catch.hpp"

using namespace ebb;
using cli::finding;

namespace {

const finding fine = cli::good("dremio.list", "readable, 2 entries");
const finding doubtful = cli::warning("drain.grace", "600 s are assumed", "set drain.grace");
const finding broken = cli::failure("dremio.login", "HTTP 401", "correct dremio.user");

}  // namespace

TEST_CASE("check_exit is 0 when all is ok, 3 with warnings only, 1 with a failure among them") {
  struct row {
    std::vector<finding> all;
    int code;
  };
  const std::vector<row> table = {{{}, 0},
                                  {{fine}, 0},
                                  {{fine, doubtful}, 3},
                                  {{broken}, 1},
                                  {{broken, doubtful}, 1},
                                  {{doubtful, broken, fine}, 1}};
  for (const auto& r : table) CHECK(cli::check_exit(r.all) == r.code);
}

TEST_CASE("check_line has the result, the check, why, and the mend") {
  CHECK(cli::finding_line(fine, false) == "ok       dremio.list       readable, 2 entries\n");
  CHECK(cli::finding_line(doubtful, false) == "warning  drain.grace       600 s are assumed; set drain.grace\n");
  CHECK(cli::finding_line(broken, false) == "failure  dremio.login      HTTP 401; correct dremio.user\n");
  CHECK(cli::finding_line(broken, true) == "\x1b[31mfailure  \x1b[0mdremio.login      HTTP 401; correct dremio.user\n");
}

TEST_CASE("check_line stays one line whatever a server says") {
  const auto line = cli::finding_line(cli::failure("dremio.list", "a\nb\x1b[2J" + std::string(2000, 'x'), ""), false);
  CHECK(line.find('\n') == line.size() - 1);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.size() < 700);
}

TEST_CASE("check_summary counts every result") {
  const std::vector<finding> all = {fine, fine, doubtful, broken, broken};
  CHECK(cli::summary_line(all) == "2 ok, 1 warning, 2 failures\n");
  CHECK(cli::summary_line({}) == "0 ok, no warning, no failure\n");
}

TEST_CASE("check_json tells programs the same") {
  const std::vector<finding> all = {fine, doubtful};
  CHECK(cli::findings_json(all) ==
        R"({"result":"warning","checks":[{"check":"dremio.list","result":"ok","why":"readable, 2 entries","mend":""},)"
        R"({"check":"drain.grace","result":"warning","why":"600 s are assumed","mend":"set drain.grace"}]})"
        "\n");
}
