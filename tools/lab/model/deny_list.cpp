#include "tools/lab/model/deny_list.hpp"

#include <algorithm>
#include <cctype>

namespace ebb::lab {
namespace {

bool same_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool contains(const std::vector<std::string>& list, const std::string& s) {
  return std::find(list.begin(), list.end(), s) != list.end();
}

void keep_first_of_each(std::vector<std::string>& list) {
  std::vector<std::string> kept;
  for (auto& s : list)
    if (!contains(kept, s)) kept.push_back(std::move(s));
  list = std::move(kept);
}

}  // namespace

void deny_list::replace(std::vector<std::string> list, time_point now) {
  if (variant_.remove_duplicates) keep_first_of_each(list);
  if (variant_.reorder) std::sort(list.begin(), list.end());
  const auto& before = versions_.back().entries;
  const auto note = [&](const std::string& entry, bool added) {
    if (history_.size() < record_limit) history_.push_back({now, entry, added});
  };
  for (const auto& s : before)
    if (!contains(list, s)) note(s, false);
  for (const auto& s : list)
    if (!contains(before, s)) note(s, true);
  ++writes_;
  versions_.push_back({now, std::move(list)});
  while (versions_.size() > 1 && versions_[1].since + variant_.propagation <= now) versions_.pop_front();
}

bool deny_list::avoided(std::string_view node, time_point now) const {
  for (auto v = versions_.rbegin(); v != versions_.rend(); ++v)
    if (v->since == time_point::min() || v->since + variant_.propagation <= now) return names(v->entries, node);
  return names(versions_.front().entries, node);
}

bool deny_list::names(const std::vector<std::string>& entries, std::string_view node) const {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const std::string& e) { return variant_.ignore_case ? same_but_case(e, node) : e == node; });
}

}  // namespace ebb::lab
