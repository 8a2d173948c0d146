#pragma once
// events.k8s.io/v1 Event, written. The server refuses an Event with a text beyond these limits, so they are cut here,
// at a character's end.
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "proto/kubernetes/time.hpp"

namespace ebb::kubernetes {

inline constexpr std::size_t event_note_limit = 1024;  // bytes
inline constexpr std::size_t event_word_limit = 128;   // bytes of reason, action and reporting instance
inline constexpr std::size_t subdomain_limit = 253;    // bytes of an object's name

enum class event_type { normal, warning };

// What the event is about; in the event's own namespace.
struct object_reference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
};

struct event {
  std::string name;  // of event_name
  std::string name_space;
  micro_time time;
  event_type type = event_type::normal;
  std::string controller;  // a qualified name: "ebb.dev/agent"
  std::string instance;    // of the controller: the pod
  std::string action;      // what was done; required, as the reason is
  std::string reason;
  std::string note;
  object_reference regarding;
};

std::string write_event(const event& object);

// "<object>.<hexadecimal nanoseconds>", made a DNS subdomain whatever the object's name is.
std::string event_name(std::string_view object, std::chrono::sys_time<std::chrono::nanoseconds> time);

}  // namespace ebb::kubernetes
