#include "config/last_good.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/catch.hpp"

using namespace ebb::config;
using namespace std::chrono_literals;

namespace {

read_file file_with(std::string text) {
  return [text = std::move(text)](const std::string&, std::size_t) { return file_content{text, {}}; };
}

read_file file_that(std::errc fails) {
  return [fails](const std::string&, std::size_t) { return file_content{{}, std::make_error_code(fails)}; };
}

const sources named{"ebb.toml", {}, {}};

}  // namespace

TEST_CASE("the last good text is the one that was kept last") {
  const auto kept = last_good::create();
  REQUIRE(kept.descriptor() >= 0);
  CHECK(kept.text() == std::nullopt);
  kept.keep("");
  CHECK(kept.text() == "");
  const std::string largest(largest_file, '#');
  for (const auto& text : {std::string("a"), largest, std::string("b"), std::string()}) {
    kept.keep(text);
    CHECK((kept.text() == text));
  }
  kept.keep("c");
  kept.keep(largest + '#');
  CHECK(kept.text() == "c");
}

TEST_CASE("what has been replaced is not kept, secrets neither") {
  const auto kept = last_good::create();
  kept.keep("password = \"hunter2\"");
  kept.keep("x");
  kept.keep("y");
  std::string all(static_cast<std::size_t>(::lseek(kept.descriptor(), 0, SEEK_END)), '?');
  REQUIRE(::pread(kept.descriptor(), all.data(), all.size(), 0) == static_cast<ssize_t>(all.size()));
  CHECK(all.find("hunter2") == all.npos);
}

TEST_CASE("a writer that is killed before its end leaves the text before") {
  const auto kept = last_good::create();
  kept.keep("old");
  // All that a writer does before its last step: the other place is written, the head is not.
  const std::string half(500'000, 'x');
  for (const off_t place : {off_t{4096}, off_t{4096 + 1024 * 1024}}) {
    std::string there(3, '?');
    REQUIRE(::pread(kept.descriptor(), there.data(), 3, place) == 3);
    if (there == "old") continue;
    REQUIRE(::pwrite(kept.descriptor(), half.data(), half.size(), place) > 0);
  }
  CHECK(kept.text() == "old");
}

TEST_CASE("its size is fixed, so that an agent cannot make it grow") {
  const auto kept = last_good::create();
  const auto size = ::lseek(kept.descriptor(), 0, SEEK_END);
  CHECK(size <= 4096 + 2 * 1024 * 1024);
  CHECK(::ftruncate(kept.descriptor(), size + 1) != 0);
  CHECK(::pwrite(kept.descriptor(), "x", 1, size) < 0);
  CHECK((::fcntl(kept.descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("an inherited descriptor that is something else is left alone") {
  CHECK(last_good::inherited(-1).descriptor() == -1);
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  CHECK(last_good::inherited(null).descriptor() == -1);
  CHECK(::close(null) == 0);
  const int other = ::memfd_create("other", MFD_CLOEXEC);
  CHECK(last_good::inherited(other).descriptor() == -1);
  CHECK(::close(other) == 0);

  const auto nothing = last_good::inherited(-1);
  nothing.keep("x");
  CHECK(nothing.text() == std::nullopt);
}

TEST_CASE("a new agent takes the last good text for a file that is broken, missing or wrong") {
  const auto kept = last_good::create();
  REQUIRE(load_and_keep(named, file_with("[drain]\nsettle = \"7s\""), kept).ok());
  struct row {
    read_file file;
    std::string told;
  };
  const std::vector<row> rows{
      {file_with("[drain"), "ebb.toml:1"},
      {file_with("[drain]\nsetle = \"1s\""), "drain.setle"},
      {file_with("[drain]\nsettle = \"9 parsecs\""), "9 parsecs"},
      {file_with(""), "empty or gone"},
      {file_that(std::errc::no_such_file_or_directory), "cannot be read"},
      {file_that(std::errc::file_too_large), "larger than 1 MiB"},
  };
  for (const auto& r : rows) {
    const auto got = load_or_last_good(named, r.file, kept);
    INFO(got.broken);
    CHECK(got.with.ok());
    CHECK(got.with.values.drain.settle == 7s);
    CHECK_THAT(got.broken, ContainsSubstring(r.told));
    CHECK_THAT(got.broken, ContainsSubstring("the last good one stays"));
  }
  const auto good = load_or_last_good(named, file_with("[drain]\nsettle = \"8s\""), kept);
  CHECK(good.broken.empty());
  CHECK(good.with.values.drain.settle == 8s);
  CHECK(load_or_last_good(named, file_with("["), kept).with.values.drain.settle == 8s);
}

TEST_CASE("with nothing kept a broken file is an error, as it is for init") {
  const auto got = load_or_last_good(named, file_with("[drain"), last_good::create());
  CHECK_FALSE(got.with.ok());
  CHECK(got.broken.empty());
}

TEST_CASE("a file that appears at the default path and is broken leaves the defaults") {
  const auto kept = last_good::create();
  const sources by_default{};
  REQUIRE(load_and_keep(by_default, file_that(std::errc::no_such_file_or_directory), kept).ok());
  const auto got = load_or_last_good(by_default, file_with("[drain"), kept);
  CHECK(got.with.ok());
  CHECK(got.with.values.drain.settle == settings{}.drain.settle);
  CHECK_FALSE(got.broken.empty());
}
