#include "tests/sim/fleet/api_access.hpp"

namespace ebb::sim {

std::string api_access::issue(api_token t) {
  auto text = "token-" + std::to_string(++issued_) + "." + t.pod;
  tokens_[text] = std::move(t);
  return text;
}

bool api_access::stands(const api_token& t, const api_store& store, api_time now) {
  if (t.expires && *t.expires <= now.wall) return false;
  const auto pod = store.find(resource::pods, t.name_space, t.pod);
  if (!pod || text_at(pod->value(), {"metadata", "uid"}) != t.uid) return false;
  const auto deadline = parse_whole_seconds(text_at(pod->value(), {"metadata", "deletionTimestamp"}));
  return !deadline || *deadline >= now.wall - leeway;
}

std::optional<api_token> api_access::authenticate(std::string_view authorization, const api_store& store,
                                                  api_time now) {
  constexpr std::string_view scheme = "Bearer ";
  if (!authorization.starts_with(scheme)) return std::nullopt;
  const auto it = tokens_.find(authorization.substr(scheme.size()));
  if (it == tokens_.end()) return std::nullopt;
  const auto seen = checked_.find(it->first);
  if (seen != checked_.end() && now.steady < seen->second + believed) return it->second;
  if (!stands(it->second, store, now)) return std::nullopt;
  checked_[it->first] = now.steady;
  return it->second;
}

void api_access::record(api_record r) {
  if (records_.size() < records_kept) records_.push_back(std::move(r));
}

std::vector<std::string> api_access::refused() const {
  std::vector<std::string> out;
  for (const auto& r : records_)
    if (r.status == 403) out.push_back(r.resource + " " + r.verb + " " + r.name);
  return out;
}

void allow_what_ebb_needs(api_access& a, bool nodes_too) {
  for (const auto* verb : {"get", "list", "watch"}) a.allow(verb, resource::pods);
  for (const auto* verb : {"get", "list", "create", "update"}) a.allow(verb, resource::leases);
  a.allow("create", resource::events);
  if (!nodes_too) return;
  for (const auto* verb : {"get", "list", "watch"}) a.allow(verb, resource::nodes);
}

}  // namespace ebb::sim
