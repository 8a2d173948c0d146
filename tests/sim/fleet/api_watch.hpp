#pragma once
// One watch: what it selects, the frames that are still to be told, and what it has been told last.
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/sim/fleet/api_request.hpp"
#include "tests/sim/fleet/api_store.hpp"

namespace ebb::sim {

// "{"type":…,"object":…}" and a line end.
std::string watch_frame(std::string_view type, std::string_view object);

class api_watch {
 public:
  explicit api_watch(api_request asked, std::int64_t from) : asked_(std::move(asked)), told_(from) {}

  const api_request& asked() const { return asked_; }

  // Notes the change if it is one of what the watch selects: an object that begins to match is ADDED, one that ceases
  // to is DELETED, whatever it is to others.
  void see(const api_change& c);
  void push(std::string frame) { frames_.push_back(std::move(frame)), wake(); }
  // An ERROR with that Status; the stream ends after it.
  void fail(std::string_view status) { failed_ = true, push(watch_frame("ERROR", status)); }
  bool failed() const { return failed_; }

  // The next frame, if there is one.
  std::optional<std::string> next();
  // A bookmark of that revision, or nothing where the watch did not ask for them or knows that revision already.
  std::optional<std::string> bookmark(std::int64_t revision);

  std::function<void()> on_frame;  // told when there is something to write again

 private:
  void wake() const {
    if (on_frame) on_frame();
  }

  api_request asked_;
  std::int64_t told_;
  std::deque<std::string> frames_;
  bool failed_ = false;
};

}  // namespace ebb::sim
