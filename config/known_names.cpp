#include "config/known_names.hpp"

#include <vector>

#include "config/schema.hpp"
#include "config/suggest.hpp"
#include "config/syntax.hpp"

namespace ebb::config {
namespace {

std::string did_you_mean(std::string_view name) { return "; did you mean " + std::string(name) + "?"; }

}  // namespace

std::string suggestion_for_key(std::string_view name) {
  const auto dot = std::min(name.find('.'), name.size());
  const auto in = name.substr(0, dot), leaf = name.substr(std::min(dot + 1, name.size()));
  std::vector<std::string> siblings, all;
  for (const auto& k : keys()) {
    if (leaf_of(k) == (leaf.empty() ? name : leaf)) return did_you_mean(k.name);
    if (section_of(k) == in) siblings.emplace_back(leaf_of(k));
    all.emplace_back(k.name);
  }
  if (auto near = nearest(leaf, siblings); !near.empty()) return did_you_mean(std::string(in) + "." + near);
  return siblings.empty() ? suggestion(name, all) : std::string();
}

std::string mend_for_key(std::string_view name) {
  const auto near = suggestion_for_key(name);
  return near.empty() ? "; ebb config --defaults shows all keys" : near;
}

std::string suggestion_for_variable(std::string_view name) {
  std::vector<std::string> variables{"EBB_CONFIG", "EBB_JAVA", "EBB_JAVA_ROLE"};
  for (const auto& k : keys()) variables.push_back(variable_of(k));
  return suggestion(name, variables);
}

std::string suggestion_for_section(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& s : sections()) names.emplace_back(s.name);
  if (auto near = nearest(name, names); !near.empty()) return did_you_mean("[" + near + "]");
  std::string all;
  for (const auto& known : names) all.append(all.empty() ? "" : ", ").append(known);
  return "; there are " + all;
}

std::string plain(std::string_view name) {
  auto quoted = shown(name);
  return !name.empty() && quoted == '"' + std::string(name) + '"' ? std::string(name) : quoted;
}

}  // namespace ebb::config
