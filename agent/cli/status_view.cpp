#include "agent/cli/status_view.hpp"

#include <algorithm>

#include "proto/json.hpp"
#include "proto/printable.hpp"

namespace ebb::cli {

namespace {

constexpr proto::json_source source{"status", status_limit};
constexpr std::size_t text_limit = 400;  // bytes of one text

// The fields of one object; an object that is missing has none. The first error goes to the outer one.
class section {
 public:
  section(proto::json_fields& outer, std::string_view key) : outer_(outer) {
    if (auto element = outer.any(key)) inner_.emplace(source, outer.place_of(key), *element);
  }
  section(proto::json_fields& outer, std::string place, const simdjson::dom::element& element) : outer_(outer) {
    inner_.emplace(source, std::move(place), element);
  }
  ~section() {
    if (inner_ && inner_->error()) outer_.fail(*inner_->error());
  }
  section(const section&) = delete;

  bool there() const { return inner_.has_value(); }
  std::string text(std::string_view key) {
    return inner_ ? proto::printable(inner_->string(key), text_limit) : std::string();
  }
  std::optional<bool> truth(std::string_view key) { return inner_ ? inner_->boolean(key) : std::nullopt; }
  std::optional<std::int64_t> whole(std::string_view key) { return inner_ ? inner_->integer(key) : std::nullopt; }
  std::optional<milliseconds> span(std::string_view key) {
    const auto ms = whole(key);
    return ms ? std::optional(milliseconds(*ms)) : std::nullopt;
  }
  std::optional<double> number(std::string_view key) {
    const auto element = inner_ ? inner_->any(key) : std::nullopt;
    double value = 0;
    if (!element) return std::nullopt;
    if (element->get(value) == simdjson::SUCCESS) return value;
    inner_->fail(unexpected(source, inner_->place_of(key), *element, "a number"));
    return std::nullopt;
  }
  std::optional<moment> time(std::string_view key) {
    return inner_ ? proto::parse_iso_time(inner_->string(key)) : std::nullopt;
  }
  bool has(std::string_view key) { return inner_ && inner_->any(key); }

 private:
  proto::json_fields& outer_;
  std::optional<proto::json_fields> inner_;
};

node_view read_node(proto::json_fields& all) {
  section s(all, "node");
  return {s.text("name"), s.text("source"), s.text("error")};
}

executor_view read_executor(proto::json_fields& all) {
  section s(all, "executor");
  executor_view e;
  e.pid = s.whole("pid");
  e.live = s.truth("live");
  e.fragments = s.number("fragments");
  e.fragments_source = s.text("fragments_source");
  e.fragments_age = s.span("fragments_age_ms");
  e.metric = s.text("metric");
  e.error = s.text("error");
  return e;
}

deny_list_view read_deny_list(proto::json_fields& all) {
  section s(all, "deny_list");
  deny_list_view d;
  d.entry = s.text("entry");
  d.verified_ago = s.span("verified_ms_ago");
  d.lost = s.whole("lost").value_or(0);
  d.entries = s.whole("entries");
  d.available = s.truth("available");
  d.configured = s.truth("configured");
  d.foreign = s.truth("foreign").value_or(false);
  d.error = s.text("error");
  return d;
}

std::optional<drain_view> read_drain(proto::json_fields& all) {
  section s(all, "drain");
  if (!s.there()) return std::nullopt;
  drain_view d;
  d.began = s.time("began");
  d.deadline = s.time("deadline");
  d.stop_at = s.time("stop_at");
  d.deadline_source = s.text("deadline_source");
  d.idle_samples = s.whole("idle_samples").value_or(0);
  d.idle_for = s.span("idle_for_ms").value_or(milliseconds{0});
  d.samples = s.whole("samples");
  d.quiet = s.span("quiet_ms");
  d.settle = s.span("settle_ms");
  d.waiting_for = s.text("waiting_for");
  return d;
}

std::vector<upstream_view> read_upstreams(proto::json_fields& all) {
  std::vector<upstream_view> out;
  const auto element = all.any("upstreams");
  simdjson::dom::object object;
  if (!element || element->get(object) != simdjson::SUCCESS) return out;
  for (const auto& field : object) {
    section s(all, "upstreams." + std::string(field.key), field.value);
    upstream_view u;
    u.name = proto::printable(field.key);
    u.configured = s.has("requests");
    u.ok = s.truth("ok");
    u.error = s.text("error");
    u.requests = s.whole("requests").value_or(0);
    u.retries = s.whole("retries").value_or(0);
    out.push_back(std::move(u));
  }
  return out;
}

pod_view read_pod(proto::json_fields& all) {
  section s(all, "pod");
  pod_view p;
  p.configured = s.truth("configured").value_or(false);
  p.watched = s.truth("watched").value_or(false);
  p.name = s.text("name");
  p.error = s.text("error");
  p.disruption = s.text("disruption");
  return p;
}

std::vector<std::string> read_causes(proto::json_fields& all) {
  std::vector<std::string> out;
  const auto causes = all.array("causes");
  if (!causes) return out;
  for (const auto cause : *causes)
    if (std::string_view text; cause.get(text) == simdjson::SUCCESS) out.push_back(proto::printable(text));
  return out;
}

}  // namespace

bool status_view::has_cause(std::string_view name) const { return std::ranges::find(causes, name) != causes.end(); }

proto::result<status_view> parse_status(std::string_view body) {
  const auto document = proto::json_document::parse(source, body);
  if (!document) return document.error();
  proto::json_fields all(source, "", document->root());
  status_view v;
  v.state = proto::printable(all.required_string("state"));
  v.version = proto::printable(all.string("version"));
  v.phase = proto::printable(all.string("phase"));
  v.since = proto::parse_iso_time(all.string("since"));
  v.causes = read_causes(all);
  v.reason = proto::printable(all.string("reason"), text_limit);
  v.node = read_node(all);
  v.executor = read_executor(all);
  v.deny_list = read_deny_list(all);
  v.drain = read_drain(all);
  v.pod = read_pod(all);
  v.upstreams = read_upstreams(all);
  v.error = proto::printable(all.string("error"), text_limit);
  {
    section agent(all, "agent");
    v.agent_restarts = agent.whole("restarts").value_or(0);
    v.reload_error = agent.text("reload_error");
  }
  if (all.error()) return *all.error();
  return v;
}

}  // namespace ebb::cli
