#include "agent/core/life.hpp"

#include "proto/printable.hpp"

namespace ebb::core {

std::string cut_reason(std::string text) {
  text = proto::well_formed(text);
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  if (text.size() <= reason_limit) return text;
  std::size_t end = reason_limit;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not within a UTF-8 sequence
  text.resize(end);
  return text;
}

bool join(life& l, cause c, std::string reason, time_point now) {
  // No clock runs for a disappearance alone: it stops nothing, and an API that lies must not end a fleet.
  if (cause_set{c}.stops_executor() && !l.first_irrevocable) l.first_irrevocable = now;
  if (l.causes.has(c)) return false;
  if (l.causes.empty()) l.first_cause = c;
  l.causes.add(c);
  l.reason = cut_reason(std::move(reason));
  return true;
}

std::string undrain_refusal(const life& l) {
  if (l.ending()) return "the executor is being stopped already";
  if (l.causes.any_irrevocable())
    return "the drain cannot be withdrawn: its causes are " + l.causes.text() + ", and " +
           (l.causes.has(cause::sigterm) ? "the container has been told to end" : "the pod is going away");
  if (l.now == state::paused)
    return "the node was put on the deny list by somebody else; take it off there (Dremio: Settings, Node Activity, or "
           "POST /api/v3/nodeCollections/blacklist without it)";
  return {};
}

std::string stop_refusal_beside(const life& l) {
  if (l.ending() || l.causes.stops_executor() || l.causes.has(cause::hook)) return {};
  return "the executor is in another container and cannot be signalled from a sidecar: delete the pod; the executor is "
         "then stopped once it is drained, or at once by another ebb stop";
}

std::string sentence(const life& l) {
  std::string out(name(l.now));
  if (l.phase != phase::none) out += " (" + std::string(name(l.phase)) + ")";
  if (!l.causes.empty()) out += " because of " + l.causes.text();
  return out;
}

}  // namespace ebb::core
