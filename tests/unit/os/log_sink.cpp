#include "agent/os/log_sink.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "agent/os/descriptor.hpp"
#include "agent/os/files.hpp"
#include "tests/support/catch.hpp"

namespace ebb::os {
namespace {

struct ends {
  descriptor read, write;
};

ends make_pipe() {
  int fds[2];
  REQUIRE(::pipe2(fds, O_CLOEXEC) == 0);
  return {descriptor(fds[0]), descriptor(fds[1])};
}

std::string drain(int fd) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  std::string all;
  std::array<char, 4096> piece{};
  for (ssize_t n; (n = ::read(fd, piece.data(), piece.size())) > 0;)
    all.append(piece.data(), static_cast<std::size_t>(n));
  return all;
}

// Writes until the sink refuses; how many lines it took. A sink that blocks never returns from here.
std::size_t fill(log_sink& sink, const std::string& line) {
  for (std::size_t n = 0; n < 100'000; ++n)
    if (!sink.write(line)) return n;
  FAIL("the sink never fills");
  return 0;
}

const std::string line = std::string(99, 'x') + "\n";

void check_full_then_room(log_sink& sink, int reader) {
  const auto taken = fill(sink, line);
  CHECK(taken > 10);
  auto read = drain(reader);
  CHECK(sink.write(line));
  read += drain(reader);
  CHECK(read.size() == (taken + 1) * line.size());
  CHECK(read.ends_with(line));
}

TEST_CASE("a full pipe refuses lines, takes them again later, and stays blocking for others", "[os]") {
  auto pipe = make_pipe();
  log_sink sink(pipe.write.get());
  check_full_then_room(sink, pipe.read.get());
  CHECK((::fcntl(pipe.write.get(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("a pipe that cannot be opened anew is asked before each write", "[os]") {
  auto pipe = make_pipe();
  REQUIRE(::fchmod(pipe.write.get(), 0) == 0);
  const bool root = ::geteuid() == 0;
  if (root) REQUIRE(::seteuid(65534) == 0);
  log_sink sink(pipe.write.get());
  if (root) REQUIRE(::seteuid(0) == 0);
  check_full_then_room(sink, pipe.read.get());
}

TEST_CASE("a reader that has gone ends nothing", "[os]") {
  auto pipe = make_pipe();
  log_sink sink(pipe.write.get());
  { const auto closed = std::move(pipe.read); }
  CHECK_FALSE(sink.write(line));
  CHECK_FALSE(sink.write(line));
}

TEST_CASE("a closed descriptor ends nothing", "[os]") {
  auto pipe = make_pipe();
  const int number = pipe.write.get();
  { const auto closed = std::move(pipe.write); }
  log_sink sink(number);
  CHECK_FALSE(sink.write(line));
}

TEST_CASE("lines in a file and what others write through the same descriptor follow each other", "[os]") {
  std::string path = "/tmp/ebb-log-XXXXXX";
  const descriptor file(::mkstemp(path.data()));
  REQUIRE(file);
  log_sink sink(file.get());
  CHECK(sink.write("one\n"));
  REQUIRE(::write(file.get(), "JVM\n", 4) == 4);
  CHECK(sink.write("two\n"));
  files store;
  CHECK(*store.read(path, 100) == "one\nJVM\ntwo\n");
  ::unlink(path.c_str());
}

TEST_CASE("a full socket refuses lines and loses none that it took", "[os]") {
  int fds[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
  const descriptor reader(fds[0]), writer(fds[1]);
  log_sink sink(writer.get());
  check_full_then_room(sink, reader.get());
}

TEST_CASE("a device that is always full refuses lines", "[os]") {
  const descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  log_sink sink(full.get());
  CHECK_FALSE(sink.write(line));
}

}  // namespace
}  // namespace ebb::os
