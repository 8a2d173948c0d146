#pragma once
// What etcd and the watch caches of an API server hold: the objects of each resource ("pods",
// "leases.coordination.k8s.io"), one counter of revisions for all of them, and for each resource its last changes. A
// change is remembered for 75 s at least, and the last hundred for longer (contract B5); what is older is forgotten,
// and a watch that asks for it is refused as expired.
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/fleet/api_object.hpp"

namespace ebb::sim {

// One state of one object, which never changes. Texts are made once, however often they are sent.
class api_entry {
 public:
  explicit api_entry(api_object value);

  const api_object& value() const { return value_; }
  const std::string& name() const { return name_; }
  const std::string& name_space() const { return name_space_; }
  std::int64_t revision() const { return revision_; }
  const std::string& text() const;           // as JSON
  const std::string& metadata_text() const;  // as PartialObjectMetadata

 private:
  api_object value_;
  std::string name_, name_space_;
  std::int64_t revision_;
  mutable std::string text_, metadata_text_;
};

using api_state = std::shared_ptr<const api_entry>;

struct api_change {
  std::int64_t revision;
  rt::time_point at;
  api_state before;  // null: it is new
  api_state after;   // null: it is gone
  api_state last;    // what a watch is told: `after`, or the last state with the revision of its removal
};

class api_store {
 public:
  static constexpr std::size_t changes_kept = 100;
  static constexpr std::chrono::seconds remembered{75};

  std::int64_t revision() const { return revision_; }
  std::int64_t revision_of(const std::string& resource) const;  // of its last change
  api_state find(const std::string& resource, const std::string& name_space, const std::string& name) const;
  // In the order of namespace and name; of all namespaces when it is empty.
  std::vector<api_state> list(const std::string& resource, const std::string& name_space) const;

  // Creates or replaces; gives the object its revision.
  api_state put(const std::string& resource, api_object value, rt::time_point now);
  void remove(const std::string& resource, const std::string& name_space, const std::string& name, rt::time_point now);

  const std::deque<api_change>& changes(const std::string& resource) { return tables_[resource].changes; }
  std::int64_t forgotten(const std::string& resource) const;  // changes up to this one cannot be told any more
  void forget_all();                                          // as after a compaction, or a restart of the server

  std::function<void(const std::string& resource, const api_change&)> on_change;

 private:
  using key = std::pair<std::string, std::string>;  // namespace, name
  struct table {
    std::map<key, api_state> objects;
    std::deque<api_change> changes;
    std::int64_t forgotten = 0;
    std::int64_t revision = 0;
  };
  void tell(const std::string& resource, api_change c);

  std::map<std::string, table> tables_;
  std::int64_t revision_ = 1000;
};

}  // namespace ebb::sim
