#include "tests/sim/fleet/api_access.hpp"

#include <fstream>
#include <utility>

#include "tests/support/places.hpp"

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

namespace {

// Of "    verbs: [get, list]" the values; empty when the line is no such list.
std::vector<std::string> values_of(std::string_view line, std::string_view key) {
  std::vector<std::string> out;
  const auto at = line.find(key);
  const auto begin = line.find('['), end = line.find(']');
  if (at == std::string_view::npos || begin == std::string_view::npos || end == std::string_view::npos) return out;
  std::string word;
  for (const char c : line.substr(begin + 1, end - begin)) {
    if (c == ',' || c == ']') out.push_back(std::exchange(word, {}));
    if (c != ' ' && c != '"' && c != ',' && c != ']') word += c;
  }
  return out;
}

}  // namespace

// The file is ours and has one form, so that a line tells what it is; a form that is not understood grants nothing.
void api_access::allow_what_is_deployed(bool nodes_too) {
  std::ifstream file(test::source_dir() + "/deploy/rbac.yaml");
  std::string line, kind;
  std::vector<std::string> groups, resources;
  while (std::getline(file, line)) {
    if (line.starts_with("kind: ")) kind = line.substr(6);
    if (line.find("apiGroups:") != std::string::npos) groups = values_of(line, "apiGroups:");
    if (line.find("resources:") != std::string::npos) resources = values_of(line, "resources:");
    if (kind == "ClusterRole" && !nodes_too) continue;
    for (const auto& verb : values_of(line, "verbs:"))
      for (const auto& group : groups)
        for (const auto& r : resources) allow(verb, group.empty() ? r : r + "." + group);
  }
}

}  // namespace ebb::sim
