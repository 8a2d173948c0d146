#pragma once
// The real world, for tests over loopback.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>

#include "agent/os/clock.hpp"
#include "agent/os/files.hpp"
#include "agent/os/network.hpp"
#include "agent/os/resolver.hpp"
#include "agent/rt/nursery.hpp"
#include "agent/rt/within.hpp"
#include "tests/support/catch.hpp"

namespace ebb::os {

using namespace std::chrono_literals;

// A folder of its own, gone in the end.
class scratch {
 public:
  scratch() : path_(std::filesystem::temp_directory_path() / "ebb-test-XXXXXX") {
    std::string name = path_.string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { std::filesystem::remove_all(path_); }

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  // As Kubernetes does: a new file takes the old one's place.
  std::string write(const std::string& name, const std::string& text) const {
    const auto at = path(name), next = at + ".next";
    std::ofstream(next) << text;
    std::filesystem::rename(next, at);
    return at;
  }

 private:
  std::filesystem::path path_;
};

struct world {
  static constexpr auto patience = 20s;  // of a test as a whole

  rt::asio::io_context io{1};
  os::clock clock;
  os::files files;
  scratch folder;
  os::resolver names{io, files, folder.path("resolv.conf")};
  os::network net{io, clock, names, files};

  // Runs a task to its end beside a server, which is then cancelled.
  template <class T>
  T run(rt::task<T> t, rt::task<> server) {
    std::optional<T> out;
    std::exception_ptr failure;
    rt::asio::co_spawn(io, both(std::move(t), std::move(server), out), [&](std::exception_ptr e) { failure = e; });
    io.restart();
    io.run_for(patience);
    if (failure) std::rethrow_exception(failure);
    REQUIRE(out);
    return std::move(*out);
  }
  template <class T>
  T run(rt::task<T> t) {
    return run(std::move(t), nothing());
  }

 private:
  static rt::task<> nothing() { co_return; }
  template <class T>
  static rt::task<> first(rt::task<T> t, std::optional<T>& out, rt::nursery& all) {
    out.emplace(co_await std::move(t));
    all.cancel();
  }
  template <class T>
  static rt::task<> both(rt::task<T> t, rt::task<> server, std::optional<T>& out) {
    rt::nursery all(co_await rt::asio::this_coro::executor);
    all.spawn(std::move(server));
    all.spawn(first(std::move(t), out, all));
    co_await all.join();
  }
};

}  // namespace ebb::os
