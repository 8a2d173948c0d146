#pragma once
// The coordinator's list of nodes that new queries avoid: one list, replaced as a whole, without any version.
// What nobody outside knows of the real one is a parameter.
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

struct deny_list_variant {
  bool ignore_case = false;        // entries match node names of another case
  bool refuse_unknown = false;     // a new entry that names no registered node is answered with 400
  bool reorder = false;            // what is read back is sorted
  bool remove_duplicates = false;  // what is read back holds each entry once
  duration propagation{0};         // from a write to the first plan that respects it
};

class deny_list {
 public:
  // One entry that came or went with a write.
  struct change {
    time_point at;
    std::string entry;
    bool added = false;
  };

  explicit deny_list(deny_list_variant v = {}) : variant_(v) { versions_.push_back({time_point::min(), {}}); }

  const std::vector<std::string>& entries() const { return versions_.back().entries; }
  void replace(std::vector<std::string> list, time_point now);

  // Whether an entry of the stored list names this node, and whether the planner knows by now.
  bool holds(std::string_view node) const { return names(versions_.back().entries, node); }
  bool avoided(std::string_view node, time_point now) const;

  const deny_list_variant& variant() const { return variant_; }
  const std::vector<change>& history() const { return history_; }
  std::size_t writes() const { return writes_; }

 private:
  struct version {
    time_point since;
    std::vector<std::string> entries;
  };
  bool names(const std::vector<std::string>& entries, std::string_view node) const;

  deny_list_variant variant_;
  std::deque<version> versions_;  // the one that planners see, and all later ones
  std::vector<change> history_;
  std::size_t writes_ = 0;
};

}  // namespace ebb::lab
