#include "agent/core/fleet.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <set>

namespace ebb::core {
namespace {

constexpr std::size_t label_limit = 63;
constexpr std::size_t name_limit = 253;
constexpr std::string_view denied_word = "denied", allowed_word = "allowed", none_word = "none";

bool is_lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_alphanumeric(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

bool is_of_names(char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; }

bool is_label_value(std::string_view text) {
  return !text.empty() && text.size() <= label_limit && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
         std::ranges::all_of(text, is_of_names);
}

// Of labels that begin and end with a letter or a digit.
bool is_subdomain(std::string_view text) {
  bool after_alphanumeric = false;
  for (const char c : text) {
    if (c == '.' ? !after_alphanumeric : !is_lower(c) && c != '-') return false;
    if (c == '-' && !after_alphanumeric) return false;
    after_alphanumeric = is_lower(c) || (c == '-' && after_alphanumeric);
  }
  return !text.empty() && is_lower(text.back()) && text.find("-.") == std::string_view::npos;
}

// FNV-1a of 64 bits: it has to be the same in every agent, and nobody gains by finding two texts of one hash.
std::string hash(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), h, 16).ptr;
  return {digits.begin(), end};
}

std::string lease_name(std::string_view prefix, std::string_view rest) {
  const bool fits = is_subdomain(rest) && prefix.size() + rest.size() <= name_limit;
  return std::string(prefix) + (fits ? std::string(rest) : hash(rest));
}

std::string_view word(wish w) {
  if (w == wish::denied) return denied_word;
  return w == wish::allowed ? allowed_word : none_word;
}

std::optional<wish> parse_word(std::string_view text) {
  if (text == denied_word) return wish::denied;
  if (text == allowed_word) return wish::allowed;
  if (text == none_word) return wish::leave_alone;
  return std::nullopt;
}

// A wish Lease, taken apart.
struct announced {
  std::string_view lease;
  std::string_view pod;
  std::string_view uid;
  std::string_view node;
  std::optional<wish> wanted;
};

announced take_apart(const kubernetes::object_meta& meta) {
  announced a;
  a.lease = meta.name;
  if (meta.owners.size() == 1 && meta.owners.front().kind == "Pod") {
    a.pod = meta.owners.front().name;
    a.uid = meta.owners.front().uid;
  }
  a.node = kubernetes::value_of(meta.annotations, node_annotation);
  a.wanted = parse_word(kubernetes::value_of(meta.annotations, wish_annotation));
  return a;
}

// Of this cluster, not the own one, and wishing something: also what cannot be understood.
bool counts(const kubernetes::object_meta& meta, std::string_view own_pod, std::string_view cluster) {
  return kubernetes::value_of(meta.labels, cluster_label) == cluster && meta.name != wish_lease_name(own_pod) &&
         take_apart(meta).wanted != wish::leave_alone;
}

bool is_node_of(std::string_view node, std::string_view pod) {
  return node.size() <= name_limit && node.starts_with(pod) && (node.size() == pod.size() || node[pod.size()] == '.') &&
         std::ranges::all_of(node, is_of_names);
}

std::optional<set_aside> objection(const announced& a, const std::map<std::string, std::string>& living) {
  const bool whole = !a.pod.empty() && !a.uid.empty() && !a.node.empty() && a.wanted;
  if (!whole || a.lease != wish_lease_name(a.pod)) return set_aside::unreadable;
  const auto pod = living.find(std::string(a.pod));
  if (pod == living.end()) return set_aside::pod_gone;
  if (pod->second != a.uid) return set_aside::pod_replaced;
  if (!is_node_of(a.node, a.pod)) return set_aside::other_node;
  return std::nullopt;
}

}  // namespace

std::string label_value(std::string_view text) { return is_label_value(text) ? std::string(text) : hash(text); }

std::string cluster_value(std::string_view of_login, std::string_view configured, std::string_view url) {
  return label_value(!of_login.empty() ? of_login : !configured.empty() ? configured : url);
}

std::string wish_lease_name(std::string_view pod) { return lease_name("ebb-", pod); }

std::string turn_lease_name(std::string_view cluster_value) { return lease_name("ebb-deny-list-", cluster_value); }

kubernetes::lease wish_lease(const fleet_member& who, std::string_view node, wish w) {
  kubernetes::lease l;
  l.meta.name = wish_lease_name(who.pod);
  l.meta.name_space = who.name_space;
  l.meta.labels = {{std::string(fleet_label), who.fleet}, {std::string(cluster_label), who.cluster}};
  l.meta.annotations = {{std::string(node_annotation), std::string(node)},
                        {std::string(wish_annotation), std::string(word(w))}};
  l.meta.owners = {{"v1", "Pod", who.pod, who.uid, false}};
  return l;
}

std::string_view name(set_aside why) {
  switch (why) {
    case set_aside::pod_gone: return "its pod is gone";
    case set_aside::pod_replaced: return "its pod has been replaced";
    case set_aside::other_node: return "it names a node that is not its pod's";
    case set_aside::twice: return "another wish names the same node";
    case set_aside::unreadable: break;
  }
  return "it cannot be understood";
}

fleet_wishes sort_wishes(std::span<const kubernetes::lease> leases, const std::map<std::string, std::string>& living,
                         std::string_view own_pod, std::string_view cluster) {
  fleet_wishes sorted;
  std::map<std::string_view, int> wishes_for;
  for (const auto& l : leases) {
    if (!counts(l.meta, own_pod, cluster)) continue;
    const announced a = take_apart(l.meta);
    if (!objection(a, living)) ++wishes_for[a.node];
  }
  for (const auto& l : leases) {
    if (!counts(l.meta, own_pod, cluster)) continue;
    const announced a = take_apart(l.meta);
    auto why = objection(a, living);
    if (!why && wishes_for[a.node] > 1) why = set_aside::twice;
    if (why) {
      sorted.left.push_back({std::string(a.lease), std::string(a.node), *why});
    } else {
      sorted.apply.push_back({std::string(a.pod), std::string(a.node), *a.wanted});
    }
  }
  return sorted;
}

bool any_wish_of_others(std::span<const kubernetes::lease> leases, std::string_view own_pod, std::string_view cluster) {
  return std::ranges::any_of(leases, [&](const auto& l) { return counts(l.meta, own_pod, cluster); });
}

std::optional<deny_list> merge_all(const deny_list& list, std::string_view entry, wish own,
                                   std::span<const fleet_wish> others) {
  const std::set<std::string_view> present(list.begin(), list.end());
  std::set<std::string_view> taken_off;
  std::vector<std::string_view> appended;
  const auto apply = [&](std::string_view node, wish w) {
    if (w == wish::allowed && present.contains(node)) taken_off.insert(node);
    if (w == wish::denied && !present.contains(node)) appended.push_back(node);
  };
  apply(entry, own);
  for (const auto& o : others)
    if (o.node != entry) apply(o.node, o.wanted);
  if (taken_off.empty() && appended.empty()) return std::nullopt;
  deny_list out;
  out.reserve(list.size() + appended.size());
  std::ranges::copy_if(list, std::back_inserter(out), [&](const auto& e) { return !taken_off.contains(e); });
  out.insert(out.end(), appended.begin(), appended.end());
  return out;
}

}  // namespace ebb::core
