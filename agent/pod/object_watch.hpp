#pragma once
// One object of the Kubernetes API, seen all the time: LIST, then WATCH from the list's resourceVersion, never without
// one, over a connection of its own (wire contract B).
#include <optional>
#include <string>
#include <string_view>

#include "agent/rt/random.hpp"
#include "agent/upstream/api_server.hpp"
#include "proto/kubernetes/object_meta.hpp"
#include "proto/kubernetes/watch.hpp"

namespace ebb::pod {

// When something was learned, on our clock and on the server's.
struct moment {
  rt::time_point received{};
  std::optional<rt::wall_time> server;  // nothing: its answers have no Date
  bool guessed = false;                 // `server` is what its clock should show by now, read a while ago
};

// What is watched: how its objects are read, and who wants to know.
class watched_object {
 public:
  virtual ~watched_object() = default;
  // Takes an answer to LIST, whose items are none or one; returns where a WATCH goes on.
  virtual proto::result<std::string> listed(std::string_view body, const moment& at) = 0;
  virtual proto::result<void> changed(std::string_view object, const moment& at) = 0;
  virtual proto::result<void> deleted(std::string_view object, const moment& at) = 0;
  // Calls fail, for this reason, or work again (empty).
  virtual void trouble(std::string_view error) = 0;
};

// Nothing, or the error of an answer about another object than the one that was asked for. `name_space`: empty where
// its kind has none.
std::optional<proto::parse_error> another_object(const kubernetes::object_meta& told, std::string_view name,
                                                 std::string_view name_space = {});

class object_watch {
 public:
  // `forbidden_for`: how long a missing right is not asked for again.
  object_watch(upstream::api_server& api, rt::random_source& random, watched_object& what, rt::duration forbidden_for)
      : api_(api), random_(random), what_(what), forbidden_for_(forbidden_for) {}

  // `collection`: "/api/v1/nodes". Runs until cancelled.
  rt::task<> run(std::string collection, std::string name);

 private:
  enum class next { list, watch };
  // How a stream ended: what follows, and the failure to pause for.
  struct stream_end {
    next then = next::watch;
    std::optional<core::api_outcome> why{};
    rt::duration wish{};
  };

  rt::task<next> list(std::string target);
  rt::task<next> watch(std::string target);
  rt::task<stream_end> follow(http::body_reader& body, rt::time_point end);
  rt::task<next> failed(const upstream::api_reply& r);
  rt::task<> pause(core::api_outcome why, rt::duration wish);
  std::optional<stream_end> take(std::string_view line);
  void well();
  void ill(std::string_view error);
  stream_end in_stream_error(std::string_view status);
  moment now() const;
  void read_clock(const upstream::api_reply& r);

  upstream::api_server& api_;
  rt::random_source& random_;
  watched_object& what_;
  rt::duration forbidden_for_;
  std::string version_;  // resourceVersion to go on from
  core::api_pause pause_;
  std::optional<std::chrono::milliseconds> offset_;  // of the server's clock: its calendar less our monotonic time
  rt::time_point clock_read_{};
  bool failing_ = false;
  bool too_old_ = false;  // the version of the last list was, when it was to be watched from
};

}  // namespace ebb::pod
