#pragma once
// What a task that runs on a host of the world ends with.
#include <optional>

#include "tests/support/catch.hpp"
#include "tests/support/sim/host.hpp"
#include "tests/support/sim/world.hpp"

namespace ebb::sim {

template <class T>
T result_of(world& w, host& h, rt::task<T> t) {
  std::optional<T> result;
  const auto keep = [](rt::task<T> running, std::optional<T>& into) -> rt::task<> {
    into.emplace(co_await std::move(running));
  };
  h.spawn(keep(std::move(t), result));
  REQUIRE(w.run_while_not([&] { return result.has_value(); }, std::chrono::seconds(30)));
  return std::move(*result);
}

}  // namespace ebb::sim
