// What the lab itself answers under /lab/…: GET state; POST and DELETE faults, load and hold; POST query, executor
// and story.
// Parameters are those of a query string, so that curl is all that is needed.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <map>

#include "tools/lab/model/form.hpp"
#include "tools/lab/site.hpp"
#include "tools/lab/span_text.hpp"

namespace ebb::lab {
namespace {

using fields = std::map<std::string, std::string, std::less<>>;

struct fault_name {
  fault what;
  std::string_view name;
};
constexpr fault_name fault_names[] = {
    {fault::none, "delay"},      {fault::reset, "reset"},   {fault::lost_answer, "lost_answer"},
    {fault::silence, "silence"}, {fault::status, "status"}, {fault::not_json, "not_json"},
    {fault::down, "down"}};

// In the order of lab::distortion.
constexpr std::string_view page_names[] = {"good", "absent", "nan", "cut", "empty"};

http::response json(unsigned status, const boost::json::value& body) {
  http::response r;
  r.status = status;
  r.headers.emplace_back("Content-Type", "application/json");
  r.body = boost::json::serialize(body) + "\n";
  return r;
}

http::response bad(std::string_view what, std::string_view value, std::string_view mend) {
  return http::plain(400, std::string(what) + ": \"" + std::string(value) + "\" " + std::string(mend) + "\n");
}

// Reads parameters one by one and keeps the first complaint.
class reader {
 public:
  explicit reader(const http::request& req) {
    const auto question = req.target.find('?');
    if (question != std::string::npos) fields_ = read_form(std::string_view(req.target).substr(question + 1));
  }
  std::string text(const char* name) { return take(name).value_or(""); }
  double real(const char* name, double otherwise) {
    const auto v = take(name);
    if (!v) return otherwise;
    double x = 0;
    const auto [end, ec] = std::from_chars(v->data(), v->data() + v->size(), x);
    if (ec != std::errc() || end != v->data() + v->size() || x < 0) complain(name, *v, "is not a number of 0 or more");
    return x;
  }
  duration time(const char* name, duration otherwise) {
    const auto v = take(name);
    if (!v) return otherwise;
    const auto s = parse_span(*v);
    if (!s) complain(name, *v, "is not a duration such as 200ms or 1.5s");
    return s ? s->least : otherwise;
  }
  span times(const char* name, span otherwise) {
    const auto v = take(name);
    if (!v) return otherwise;
    const auto s = parse_span(*v);
    if (!s) complain(name, *v, "is not a duration such as 200ms, or a range such as 1s-3s");
    return s.value_or(otherwise);
  }
  void complain(std::string_view name, std::string_view value, std::string_view mend) {
    if (!complaint_) complaint_ = bad(name, value, mend);
  }
  const std::optional<http::response>& complaint() {
    if (!complaint_ && !fields_.empty())
      complain(fields_.begin()->first, fields_.begin()->second, "is an unknown parameter");
    return complaint_;
  }

 private:
  std::optional<std::string> take(const char* name) {
    auto node = fields_.extract(name);
    return node ? std::optional(std::move(node.mapped())) : std::nullopt;
  }
  fields fields_;
  std::optional<http::response> complaint_;
};

}  // namespace

http::response site::admin(const http::request& req) {
  const auto path = req.path();
  const auto now = clock_.now();
  reader in(req);
  if (path == "/lab/state" && req.method == "GET") return state();
  if (path == "/lab/faults") return admin_faults(req);
  if (path == "/lab/executor" && req.method == "POST") return admin_executor(req);
  if (path == "/lab/load" && req.method == "DELETE") return stop_load(), state();
  if (path == "/lab/load" && req.method == "POST") {
    load::options o;
    o.per_second = in.real("per_second", o.per_second);
    o.fragments_most = static_cast<int>(in.real("fragments", o.fragments_most));
    o.lasts = in.times("lasts", o.lasts);
    o.plan_delay = in.times("plan_delay", o.plan_delay);
    o.seed = static_cast<std::uint64_t>(in.real("seed", 1));
    o.from = now;
    o.until = now + in.time("for", 24h);
    if (const auto& no = in.complaint()) return *no;
    return start_load(o), state();
  }
  if (path == "/lab/query" && req.method == "POST") {
    query_shape q;
    q.fragments = static_cast<int>(in.real("fragments", 1));
    q.lasts = in.time("lasts", 1s);
    q.plan_delay = in.time("plan_delay", 0s);
    q.seed = static_cast<std::uint64_t>(in.real("seed", static_cast<double>(planner_.queries().size())));
    if (const auto& no = in.complaint()) return *no;
    return submit(q), state();
  }
  if (path == "/lab/story" && req.method == "POST") return told(req);
  if (path == "/lab/hold" && (req.method == "POST" || req.method == "DELETE"))
    return hold(req.method == "POST"), state();
  return http::plain(404, "no such place in the lab: " + std::string(path) +
                              "; there are state, faults, load, query, hold, executor, story\n");
}

http::response site::admin_faults(const http::request& req) {
  if (req.method == "DELETE") faults_.clear();
  if (req.method == "POST") {
    reader in(req);
    fault_rule r;
    const auto what = in.text("what");
    const auto* found =
        std::find_if(std::begin(fault_names), std::end(fault_names), [&](const auto& f) { return f.name == what; });
    if (found == std::end(fault_names))
      in.complain("what", what, "is none of delay reset lost_answer silence status not_json down");
    else
      r.what = found->what;
    r.method = in.text("method");
    r.path_prefix = in.text("path");
    r.chance = in.real("chance", 1);
    r.first = static_cast<std::size_t>(in.real("first", 1));
    if (const auto n = in.real("count", 0); n > 0) r.count = static_cast<std::size_t>(n);
    r.before = in.times("before", {});
    r.after = in.times("after", {});
    r.status = static_cast<unsigned>(in.real("status", r.status));
    r.from = clock_.now() + in.time("in", 0s);
    r.until = r.from + in.time("for", 24h);
    if (const auto& no = in.complaint()) return *no;
    faults_.add(std::move(r));
  }
  boost::json::array rules;
  for (const auto& a : faults_.rules())
    rules.push_back({{"what", std::find_if(std::begin(fault_names), std::end(fault_names),
                                           [&](const auto& f) { return f.what == a.rule.what; })
                                  ->name},
                     {"method", a.rule.method},
                     {"path", a.rule.path_prefix},
                     {"met", a.met},
                     {"done", a.done}});
  return json(200, rules);
}

// Makes one executor's own port misbehave.
http::response site::admin_executor(const http::request& req) {
  reader in(req);
  const auto name = in.text("name"), page = in.text("page"), healthy = in.text("healthy");
  const auto delay = in.time("delay", -1s);
  auto* m = find(name);
  if (!m) in.complain("name", name, "is no executor here");
  const auto* kind = std::find(std::begin(page_names), std::end(page_names), page);
  if (!page.empty() && kind == std::end(page_names)) in.complain("page", page, "is none of good absent nan cut empty");
  if (const auto& no = in.complaint()) return *no;
  if (!page.empty()) m->link.say("page " + std::to_string(kind - std::begin(page_names)));
  if (!healthy.empty()) m->link.say(healthy == "0" || healthy == "false" ? "healthy 0" : "healthy 1");
  if (delay >= 0s)
    m->link.say("delay " + std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(delay).count()));
  return state();
}

http::response site::state() const {
  boost::json::object nodes;
  for (const auto& [name, n] : coordinator_.nodes().all())
    nodes[name] = {{"pending", planner_.pending_on(name)},
                   {"alive", n.answers()},
                   {"denied", coordinator_.denied().holds(name)},
                   {"avoided", coordinator_.denied().avoided(name, clock_.now())}};
  boost::json::array denied;
  for (const auto& e : coordinator_.denied().entries()) denied.emplace_back(e);
  boost::json::object calls;
  for (const auto& [what, n] : coordinator_.counts()) calls[what] = n;
  return json(200, {{"queries",
                     {{"running", planner_.count(outcome::running)},
                      {"finished", planner_.count(outcome::finished)},
                      {"lost", planner_.count(outcome::lost)},
                      {"refused", planner_.count(outcome::refused)}}},
                    {"nodes", nodes},
                    {"denied", denied},
                    {"list_writes", coordinator_.denied().writes()},
                    {"calls", calls}});
}

}  // namespace ebb::lab
