#pragma once
// The own pod, as the API server has it: whether it is being deleted and by when it will be killed, whether it is ours
// still, what its annotation asks for. What is learned becomes causes of the drain and facts of its deadline.
#include "agent/drain/journal.hpp"
#include "agent/drain/node.hpp"
#include "agent/pod/object_watch.hpp"
#include "proto/kubernetes/pod.hpp"

namespace ebb::pod {

inline constexpr std::string_view drain_annotation = "ebb.dev/drain";

constexpr rt::duration answer_patience = std::chrono::seconds(2);  // of the look that a SIGTERM or a hook asks for
constexpr rt::duration second_absence = std::chrono::seconds(2);   // two absences this far apart are believed
constexpr rt::duration pods_forbidden_for = std::chrono::seconds(60);

class pod_watch final : private watched_object {
 public:
  pod_watch(drain::node& n, drain::journal& j, upstream::api_server& api, rt::random_source& random)
      : node_(n), journal_(j), api_(api), watch_(api, random, *this, pods_forbidden_for) {}

  // The duty: runs until cancelled; returns at once where there is no API to ask.
  rt::task<> run();

  // The second duty: looks out of turn. A container that is told to end, or a hook that waits, asks for the pod at
  // once, since the watch may be behind; an absence is looked at a second time, and a deletion that looks odd by the
  // clock as it was when the watch began. Tried again until the API has answered.
  rt::task<> look_when_asked();

  // One look out of turn, at most answer_patience. False: no answer.
  rt::task<bool> look();

 private:
  proto::result<std::string> listed(std::string_view body, const moment& at) override;
  proto::result<void> changed(std::string_view object, const moment& at) override;
  proto::result<void> deleted(std::string_view object, const moment& at) override;
  void trouble(std::string_view error) override;

  bool signal_asks() const;
  std::optional<proto::parse_error> not_asked_for(const kubernetes::pod& pod) const;
  void saw(const kubernetes::pod& pod, const moment& at);
  void saw_deletion(const kubernetes::pod& pod, const moment& at);
  void saw_annotation(const kubernetes::pod& pod);
  void saw_hooks(const kubernetes::pod& pod);
  void saw_disruption(const kubernetes::pod& pod);
  void absent(rt::time_point at);
  void disappeared(std::string why);
  bool known_to_be_ours() const;

  drain::node& node_;
  drain::journal& journal_;
  upstream::api_server& api_;
  object_watch watch_;
  std::optional<rt::time_point> absent_since_;
  bool no_pod_told_ = false;
  bool deletion_doubted_ = false;
};

}  // namespace ebb::pod
