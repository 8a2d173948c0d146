#include "config/reload.hpp"

#include <boost/algorithm/string/join.hpp>

#include "config/schema.hpp"

namespace ebb::config {
namespace {

std::string sentence_of(const std::vector<std::string>& changed, const std::vector<std::string>& at_restart) {
  std::string out = "configuration read again: ";
  out += changed.empty() ? "nothing changed" : boost::algorithm::join(changed, ", ") + " changed";
  if (!at_restart.empty())
    out += "; only from the next start of the container on: " + boost::algorithm::join(at_restart, ", ");
  return out;
}

reload kept(const settings& old, const std::vector<std::string>& errors) {
  reload out{.next = old, .sections = {}, .at_restart = {}, .sentence = {}, .broken = true};
  out.sentence = "configuration not taken, the last good one stays: " + errors.front();
  if (errors.size() > 1) out.sentence += " (and " + std::to_string(errors.size() - 1) + " more)";
  return out;
}

}  // namespace

reload compare(const settings& old, const loaded& again) {
  if (!again.ok()) return kept(old, again.errors);
  reload out{.next = again.values, .sections = {}, .at_restart = {}, .sentence = {}, .broken = false};
  out.next.pod = old.pod;
  out.next.prometheus.instance_port = old.prometheus.instance_port;
  std::vector<std::string> changed;
  for (const auto& k : keys()) {
    const auto before = k.get(old);
    if (before == k.get(again.values)) continue;
    if (k.counts == effect::at_restart) {
      out.at_restart.emplace_back(k.name);
      k.set(out.next, before);
      continue;
    }
    changed.emplace_back(k.name);
    if (out.sections.empty() || out.sections.back() != section_of(k)) out.sections.emplace_back(section_of(k));
  }
  out.sentence = sentence_of(changed, out.at_restart);
  return out;
}

}  // namespace ebb::config
