#include "agent/probes/status.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "agent/core/rfc3339.hpp"
#include "proto/printable.hpp"

namespace ebb::probes {

namespace json = boost::json;
using core::load;

namespace {

// Whole numbers as such: 7, not 7E0.
json::value number(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

std::int64_t milliseconds(rt::duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d).count(); }

class writer {
 public:
  explicit writer(const sources& s) : s_(s), n_(s.node), now_(s.node.clock.now()) {}

  json::object status() const {
    const auto& life = n_.life;
    json::array causes;
    for (int i = 0; i < core::cause_count; ++i)
      if (const auto c = static_cast<core::cause>(i); life.causes.has(c)) causes.emplace_back(core::name(c));
    json::object o;
    o["version"] = s_.version;
    o["state"] = core::name(life.now);
    o["phase"] = core::name(life.phase);
    o["since"] = wall(life.since);
    o["causes"] = std::move(causes);
    o["reason"] = life.reason;
    o["node"] = {{"name", n_.name}, {"source", n_.name_source}, {"error", n_.name_error}};
    o["executor"] = executor();
    o["deny_list"] = deny_list();
    o["drain"] = drain();
    o["upstreams"] = upstreams();
    o["pod"] = pod();
    o["agent"] = {{"restarts", life.restarts}, {"stop_signals", n_.stop_signals}, {"reload_error", n_.reload_error}};
    return o;
  }

 private:
  json::value wall(rt::time_point t) const {
    if (t == rt::time_point{} || t == rt::time_point::max()) return nullptr;
    const auto at = n_.clock.wall_now() - std::chrono::duration_cast<std::chrono::milliseconds>(now_ - t);
    return json::value(core::rfc3339(at));
  }

  json::object executor() const {
    const auto& e = n_.executor;
    json::object o;
    o["pid"] = e.pid;
    o["live"] = e.live.value_or(false);
    o["fragments"] = nullptr;
    o["fragments_source"] = nullptr;
    o["fragments_age_ms"] = nullptr;
    o["error"] = e.live_error;
    if (e.last) {
      if (e.last->value != load::unknown) {
        o["fragments"] = number(e.last->fragments);
        o["fragments_source"] = core::name(e.last->from);
      } else {
        o["error"] = e.last->why;
      }
      o["fragments_age_ms"] = milliseconds(now_ - e.last->at);
    }
    o["metric"] = e.metric;
    if (e.ended) o["ended"] = {{e.ended->by_signal ? "signal" : "code", e.ended->number}};
    return o;
  }

  json::object deny_list() const {
    using keeper::availability;
    const auto& v = s_.keeper.see();
    json::object o;
    o["entry"] = nullptr;
    if (v.present) o["entry"] = *v.present ? "present" : "absent";
    o["wish"] = core::name(v.wish);
    o["verified_ms_ago"] = nullptr;
    if (v.verified_since) o["verified_ms_ago"] = milliseconds(now_ - *v.verified_since);
    o["lost"] = v.lost;
    o["writes"] = v.writes;
    o["available"] = nullptr;
    if (v.available != availability::unknown) o["available"] = v.available == availability::available;
    o["configured"] = v.available != availability::off;
    o["entries"] = nullptr;
    if (v.looked_at) o["entries"] = v.entries;
    o["foreign"] = v.foreign;
    o["error"] = v.error;
    o["alone"] = v.alone;
    return o;
  }

  json::value drain() const {
    const auto& life = n_.life;
    if (!life.draining() && !life.ending()) return nullptr;
    json::object o;
    o["began"] = wall(life.drain_began);
    o["deadline"] = wall(n_.plan.deadline);
    o["stop_at"] = wall(n_.plan.stop_at);
    o["deadline_source"] = nullptr;
    if (life.hurried)
      o["deadline_source"] = core::name(core::deadline_source::operator_wish);
    else if (life.first_irrevocable)
      o["deadline_source"] = core::name(n_.plan.source);
    o["idle_samples"] = n_.verdict.zeros;
    o["idle_for_ms"] = milliseconds(n_.verdict.idle_for);
    o["samples"] = n_.plan.samples;  // needed, over quiet_ms, after settle_ms
    o["quiet_ms"] = milliseconds(n_.plan.quiet);
    o["settle_ms"] = milliseconds(n_.plan.settle);
    o["waiting_for"] = n_.verdict.waiting_for;
    return o;
  }

  json::object pod() const {
    const auto& p = n_.pod;
    const auto& word = n_.life.pod;
    json::object o;
    o["name"] = p.name;
    o["uid"] = p.uid;
    o["fleet"] = p.fleet;
    o["configured"] = p.configured;
    o["watched"] = p.answered && p.error.empty();
    o["error"] = p.error;
    o["node_error"] = p.node_error;
    o["disruption"] = p.disruption;
    o["killed_at"] = word.kill_at ? wall(*word.kill_at) : nullptr;
    o["grace_ms"] = nullptr;
    if (word.grace) o["grace_ms"] = milliseconds(*word.grace);
    o["clock_skew_ms"] = nullptr;
    if (p.clock_skew) o["clock_skew_ms"] = milliseconds(*p.clock_skew);
    return o;
  }

  json::object upstreams() const {
    json::object all;
    for (const auto& u : s_.upstreams) {
      const auto stats = u.stats();
      json::object o;
      if (stats.configured) {
        o["ok"] = nullptr;
        if (stats.ok) o["ok"] = *stats.ok;
        o["error"] = stats.error;
        o["budget"] = number(std::round(stats.budget * 10) / 10);
        o["requests"] = stats.total();
        o["retries"] = stats.retries;
      }
      all[u.name] = std::move(o);
    }
    return all;
  }

  const sources& s_;
  const drain::node& n_;
  rt::time_point now_;
};

// Texts come from people, servers and metric names: they may be any bytes, and JSON may not.
void make_well_formed(json::value& v) {
  if (auto* object = v.if_object()) {
    for (auto& member : *object) make_well_formed(member.value());
  } else if (auto* array = v.if_array()) {
    for (auto& item : *array) make_well_formed(item);
  } else if (auto* text = v.if_string()) {
    *text = proto::well_formed(*text);
  }
}

}  // namespace

std::string status_json(const sources& s, std::string_view error) {
  json::value all = writer(s).status();
  if (!error.empty()) all.as_object()["error"] = error;
  make_well_formed(all);
  return json::serialize(all) + "\n";
}

}  // namespace ebb::probes
