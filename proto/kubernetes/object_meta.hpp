#pragma once
// The metadata that every object of Kubernetes has, as far as Ebb looks at it.
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/kubernetes/time.hpp"

namespace ebb::kubernetes {

inline constexpr std::size_t object_body_limit = 4 * 1024 * 1024;  // bytes: etcd's 1.5 MiB, and room
inline constexpr std::string_view own_prefix = "ebb.dev/";         // of our labels and annotations
inline constexpr std::chrono::seconds longest_duration = std::chrono::hours(24 * 3650);
inline constexpr std::size_t reason_limit = 200;  // bytes of a reason or message that is kept

struct owner_reference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  bool controller = false;

  bool operator==(const owner_reference&) const = default;
};

struct object_meta {
  std::string name;
  std::string name_space;
  std::string uid;
  std::string resource_version;                        // opaque; "" when missing
  std::optional<time_point> deletion_timestamp;        // when the kubelet will have killed it; whole seconds
  std::optional<std::chrono::seconds> deletion_grace;  // deletionTimestamp less this: when deletion was asked for
  // Only those whose key begins with own_prefix: a pod may carry 256 KiB of others.
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::vector<owner_reference> owners;

  bool operator==(const object_meta&) const = default;
};

// The owner that manages the object (a pod's StatefulSet), or null.
const owner_reference* controller_of(const object_meta& meta);

// The value of an annotation or a label; "" when it is not there.
std::string_view value_of(const std::map<std::string, std::string>& values, std::string_view key);

}  // namespace ebb::kubernetes
