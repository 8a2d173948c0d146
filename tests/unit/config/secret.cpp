#include "config/secret.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/places.hpp"
#include "tests/unit/config/fixture.hpp"

using namespace ebb::config;

TEST_CASE("a secret is the file's content without the line ends behind it") {
  using namespace std::string_literals;
  for (const auto& content : {"pw"s, "pw\n"s, "pw\r\n"s, "pw\n\n"s})
    CHECK(read_secret_file("/s", "k", disk({{"/s", content}})).value == "pw");
  CHECK(read_secret_file("/s", "k", disk({{"/s", " p w "}})).value == " p w ");
}

TEST_CASE("the file wins over the value, also when it cannot be read") {
  CHECK(read_secret({"plain", "/s"}, "dremio.password", disk({{"/s", "filed"}})).value == "filed");
  CHECK(read_secret({"plain", ""}, "dremio.password", disk({})).value == "plain");
  const auto gone = read_secret({"plain", "/s"}, "dremio.password", disk({}));
  CHECK_FALSE(gone.ok());
  CHECK(gone.value.empty());
}

TEST_CASE("a secret that cannot be used says which and why, and nothing of itself") {
  using namespace std::string_literals;
  auto why = [](const std::string& content) {
    return read_secret({"", "/s"}, "dremio.token", disk({{"/s", content}})).error;
  };
  CHECK(why("") == "dremio.token_file = \"/s\" is empty");
  CHECK(why("\r\n") == "dremio.token_file = \"/s\" is empty");
  CHECK(why("two\nlines") ==
        "dremio.token_file = \"/s\" has line ends or control characters in it; write the bare secret, in text");
  CHECK(why("nul\0"s) ==
        "dremio.token_file = \"/s\" has line ends or control characters in it; write the bare secret, in text");
  CHECK(why(std::string(64 * 1024 + 1, 'x')) ==
        "dremio.token_file = \"/s\" is larger than 64 KiB; is it the right file?");
  CHECK(why(std::string(64 * 1024, 'x')) == "");
  CHECK(read_secret({"", "/gone"}, "dremio.token", disk({})).error ==
        "dremio.token_file = \"/gone\" cannot be read: No such file or directory");
  CHECK(read_secret({"", "/s"}, "dremio.token", broken_disk(std::errc::permission_denied)).error ==
        "dremio.token_file = \"/s\" cannot be read: Permission denied");
  CHECK(read_secret({}, "dremio.token", disk({})).error == "dremio.token is not set; nor is dremio.token_file");
  CHECK(read_secret_file("", "listen.token_file", disk({})).error == "listen.token_file is not set");
}

TEST_CASE("secrets and certificates are watched, each file once") {
  settings all;
  CHECK(watched_files(all).empty());
  all.dremio.password = {"plain", "/p"};
  all.dremio.ca_file = "/ca";
  all.prometheus.ca_file = "/ca";
  all.prometheus.token_file = "/t";
  all.listen.token_file = "/l";
  CHECK(watched_files(all) == std::vector<std::string>{"/p", "/ca", "/t", "/l"});
}

TEST_CASE("files are read from the disk up to their limit") {
  CHECK(read_from_disk("/dev/null", 10).text.empty());
  CHECK_FALSE(read_from_disk("/dev/null", 10).error);
  CHECK(read_from_disk("/dev/zero", 10).error == std::errc::file_too_large);
  CHECK(read_from_disk("/nowhere/at/all", 10).error == std::errc::no_such_file_or_directory);
  CHECK(read_from_disk("/", 10).error == std::errc::is_a_directory);
  CHECK(read_from_disk(std::string("/dev/null\0x", 11), 10).error == std::errc::invalid_argument);
  CHECK(read_from_disk(ebb::test::source_dir() + "/config/ebb.toml", largest_file).text.find("[drain]") !=
        std::string::npos);
}
