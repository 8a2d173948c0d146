#include "tests/sim/fleet/api_watch.hpp"

namespace ebb::sim {

std::string watch_frame(std::string_view type, std::string_view object) {
  std::string out = R"({"type":")";
  out.append(type).append(R"(","object":)").append(object).append("}\n");
  return out;
}

void api_watch::see(const api_change& c) {
  const bool before = c.before && asked_.selects(*c.before);
  const bool after = c.after && asked_.selects(*c.after);
  if (!before && !after) return;
  const auto* type = !before ? "ADDED" : !after ? "DELETED" : "MODIFIED";
  told_ = c.revision;
  push(watch_frame(type, asked_.metadata_only ? c.last->metadata_text() : c.last->text()));
}

std::optional<std::string> api_watch::next() {
  if (frames_.empty()) return std::nullopt;
  auto first = std::move(frames_.front());
  frames_.pop_front();
  return first;
}

std::optional<std::string> api_watch::bookmark(std::int64_t revision) {
  if (!asked_.bookmarks || revision <= told_ || !frames_.empty()) return std::nullopt;
  told_ = revision;
  const bool of_pods = asked_.resource == resource::pods;
  const std::string kind = asked_.metadata_only ? R"("kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1")"
                           : of_pods            ? R"("kind":"Pod","apiVersion":"v1")"
                           : asked_.resource == resource::nodes
                               ? R"("kind":"Node","apiVersion":"v1")"
                               : R"("kind":"Lease","apiVersion":"coordination.k8s.io/v1")";
  // The other fields are zero values of the server's structs, not absent.
  const std::string rest =
      of_pods && !asked_.metadata_only ? R"(,"spec":{"containers":null},"status":{})" : R"(,"spec":{})";
  return watch_frame("BOOKMARK", "{" + kind + R"(,"metadata":{"resourceVersion":")" + std::to_string(revision) +
                                     R"(","creationTimestamp":null})" + (asked_.metadata_only ? "" : rest) + "}");
}

}  // namespace ebb::sim
