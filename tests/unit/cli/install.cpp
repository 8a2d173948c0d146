#include "agent/cli/install.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/catch.hpp"

namespace fs = std::filesystem;
using ebb::cli::install;

namespace {

class folder {
 public:
  folder() {
    char name[] = "/tmp/ebb-install-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("install copies the binary under both names and makes the directory") {
  folder f;
  std::string content(200'000, 'x');
  content += '\0';
  write(f / "binary", content);
  REQUIRE(install(f / "binary", f / "bin") == "");
  for (const char* name : {"bin/ebb", "bin/java"}) {
    CHECK(read(f / name) == content);
    CHECK(fs::status(f / name).permissions() == fs::perms{0755});
  }
  CHECK(std::distance(fs::directory_iterator(f / "bin"), {}) == 2);
}

TEST_CASE("install replaces an older one, and what runs keeps its file") {
  folder f;
  write(f / "old", "old");
  write(f / "new", "new");
  REQUIRE(install(f / "old", f / "bin") == "");
  std::ifstream running(f / "bin/ebb");
  REQUIRE(install(f / "new", f / "bin") == "");
  CHECK(read(f / "bin/ebb") == "new");
  CHECK(std::string(std::istreambuf_iterator<char>(running), {}) == "old");
}

TEST_CASE("install over itself leaves it whole") {
  folder f;
  write(f / "binary", "whole");
  REQUIRE(install(f / "binary", f / "bin") == "");
  REQUIRE(install(f / "bin/ebb", f / "bin") == "");
  CHECK(read(f / "bin/ebb") == "whole");
  CHECK(read(f / "bin/java") == "whole");
}

TEST_CASE("what cannot be installed is told with its path and a mend, and leaves nothing behind") {
  folder f;
  write(f / "binary", "x");
  CHECK_THAT(install(f / "nothing", f / "bin"), ContainsSubstring("cannot read \"" + (f / "nothing")));
  CHECK_THAT(install(f / "binary", f / "a/b"), ContainsSubstring("create the directory"));
  CHECK_THAT(install(f / "binary", f / "binary"), ContainsSubstring("name a directory"));
  fs::create_directories(f / "taken/ebb/x");
  CHECK_THAT(install(f / "binary", f / "taken"), ContainsSubstring("cannot write \"" + (f / "taken/ebb")));
  CHECK(std::distance(fs::directory_iterator(f / "taken"), {}) == 1);
  CHECK_THAT(install("/proc/self/mem", f / "bin"), ContainsSubstring("cannot write"));
}
