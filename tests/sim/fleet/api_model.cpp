#include "tests/sim/fleet/api_model.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstdio>

#include "tests/sim/fleet/api_checks.hpp"

namespace ebb::sim {

namespace json = boost::json;

namespace {

// A server whose cache is behind waits for so long before it says so.
constexpr rt::duration too_new_takes = std::chrono::seconds(3);

api_answer failure(unsigned status, std::string_view reason, std::string_view message, api_object details = {}) {
  return {status, status_text(status, reason, message, std::move(details)), {}, {}, nullptr};
}

std::string plain_name(const std::string& resource) { return resource.substr(0, resource.find('.')); }
std::string group_of(const std::string& resource) {
  const auto dot = resource.find('.');
  return dot == std::string::npos ? "" : resource.substr(dot + 1);
}

std::string kind_of(const std::string& resource) {
  if (resource == resource::pods) return R"("kind":"PodList","apiVersion":"v1")";
  if (resource == resource::nodes) return R"("kind":"NodeList","apiVersion":"v1")";
  if (resource == resource::leases) return R"("kind":"LeaseList","apiVersion":"coordination.k8s.io/v1")";
  return R"("kind":"EventList","apiVersion":"events.k8s.io/v1")";
}

api_answer not_found(const api_request& r) {
  return failure(404, "NotFound", r.resource + " \"" + r.name + "\" not found",
                 {{"name", r.name}, {"group", group_of(r.resource)}, {"kind", plain_name(r.resource)}});
}

api_answer forbidden(const api_request& r, const api_token& who) {
  std::string text = r.resource + (r.name.empty() ? "" : " \"" + r.name + "\"") + " is forbidden: User \"" +
                     "system:serviceaccount:" + who.name_space + ":ebb\" cannot " + r.verb + " resource \"" +
                     plain_name(r.resource) + "\" in API group \"" + group_of(r.resource) + "\"";
  text += r.name_space.empty() ? " at the cluster scope" : " in the namespace \"" + r.name_space + "\"";
  return failure(403, "Forbidden", text, {{"name", r.name}, {"kind", plain_name(r.resource)}});
}

std::optional<std::int64_t> revision_of(const std::string& text) {
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

// A continue token: the revision of the list and the last name of the page.
std::string continue_after(std::int64_t revision, const api_entry& last) {
  return std::to_string(revision) + "." + last.name_space() + "/" + last.name();
}

}  // namespace

api_model::api_model(std::function<api_time()> now) : now_(std::move(now)) {
  store_.on_change = [this](const std::string& resource, const api_change& c) {
    for (const auto& w : watches())
      if (w->asked().resource == resource) w->see(c);
  };
}

std::vector<std::shared_ptr<api_watch>> api_model::watches() const {
  std::vector<std::shared_ptr<api_watch>> out;
  std::erase_if(watches_, [&](const auto& weak) {
    auto w = weak.lock();
    if (w) out.push_back(std::move(w));
    return weak.expired();
  });
  return out;
}

api_answer api_model::handle(const http::request& raw) {
  const auto now = now_();
  const auto r = read_api_request(raw);
  const auto who = access_.authenticate(http::find_header(raw.headers, "Authorization").value_or(""), store_, now);
  auto a = !who                  ? failure(401, "Unauthorized", "Unauthorized")
           : !access_.allowed(r) ? forbidden(r, *who)
                                 : answer(r, raw);
  access_.record({now.steady, who ? who->pod : "", r.verb, r.resource, r.name, a.status});
  return a;
}

api_answer api_model::answer(const api_request& r, const http::request& raw) {
  if (!r.known) return failure(404, "NotFound", "the server could not find the requested resource");
  if (r.other_selectors) return failure(400, "BadRequest", "a selector that this server does not know");
  if (raw.body.size() > largest_body) return failure(413, "RequestEntityTooLarge", "limit is 3145728");
  if (r.verb == "get") return get(r);
  if (r.verb == "list") return list(r);
  if (r.verb == "watch") return watch(r);
  if (r.verb == "create") return add(r, raw.body);
  if (r.verb == "update") return replace(r, raw.body);
  return failure(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}

api_answer api_model::get(const api_request& r) const {
  const auto found = store_.find(r.resource, r.name_space, r.name);
  if (!found) return not_found(r);
  return {200, r.metadata_only ? found->metadata_text() : found->text(), {}, {}, nullptr};
}

// A page after the first shows what is there now, not what was there at the list's revision. Whoever watches from that
// revision is told the difference again, which does no harm.
api_answer api_model::list(const api_request& r) const {
  auto revision = store_.revision();
  std::string after;
  if (!r.continues.empty()) {
    const auto dot = r.continues.find('.');
    const auto of_list = revision_of(r.continues.substr(0, dot));
    if (dot == std::string::npos || !of_list) return failure(400, "BadRequest", "continue key is not valid");
    if (*of_list < store_.forgotten(r.resource))
      return failure(410, "Expired", "The provided continue parameter is too old to display a consistent list result.");
    revision = *of_list;
    after = r.continues.substr(dot + 1);
  }
  std::string items, next;
  std::size_t count = 0;
  api_state last;
  for (const auto& e : store_.list(r.resource, r.name_space)) {
    if (!r.selects(*e) || (!after.empty() && e->name_space() + "/" + e->name() <= after)) continue;
    if (r.limit > 0 && count == r.limit) {
      next = continue_after(revision, *last);
      break;
    }
    items += (count++ == 0 ? "" : ",") + (r.metadata_only ? e->metadata_text() : e->text());
    last = e;
  }
  std::string body = "{";
  body += r.metadata_only ? R"("kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1")" : kind_of(r.resource);
  body += R"(,"metadata":{"resourceVersion":")" + std::to_string(revision) + "\"";
  if (!next.empty()) body += R"(,"continue":)" + json::serialize(json::string_view(next));
  body += R"(},"items":[)" + items + "]}";
  return {200, std::move(body), {}, {}, nullptr};
}

api_answer api_model::watch(const api_request& r) {
  const auto from = revision_of(r.resource_version);
  if (!from && !r.resource_version.empty())
    return failure(400, "BadRequest", "resourceVersion: Invalid value: \"" + r.resource_version + "\"");
  api_answer a;
  a.watch = std::make_shared<api_watch>(r, from.value_or(0));
  if (from.value_or(0) == 0) {
    a.watch->fail((status_text(500, "InternalError", "etcd has no progress notifications")));
  } else if (*from > store_.revision()) {
    a.takes = too_new_takes;
    json::array causes{api_object{{"reason", "ResourceVersionTooLarge"}, {"message", "Too large resource version"}}};
    a.watch->fail((status_text(504, "Timeout",
                               "Timeout: Too large resource version: " + r.resource_version +
                                   ", current: " + std::to_string(store_.revision()),
                               {{"causes", std::move(causes)}, {"retryAfterSeconds", 1}})));
  } else if (*from < store_.forgotten(r.resource)) {
    a.watch->fail((status_text(410, "Expired",
                               "too old resource version: " + r.resource_version + " (" +
                                   std::to_string(store_.forgotten(r.resource)) + ")")));
  } else {
    for (const auto& c : store_.changes(r.resource))
      if (c.revision > *from) a.watch->see(c);
    watches_.push_back(a.watch);
  }
  return a;
}

namespace {

// The object of a body; without a value when it is none.
std::optional<api_object> object_of(const std::string& body) {
  boost::system::error_code ec;
  auto value = json::parse(body, ec);
  if (ec || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

}  // namespace

api_answer api_model::add(const api_request& r, const std::string& body) {
  auto o = object_of(body);
  if (!o) return failure(400, "BadRequest", "the object provided is unrecognized");
  if (const auto no = refuse_object(r.resource, r.name_space, *o)) return failure(no->status, no->reason, no->message);
  auto& metadata = object_at(*o, "metadata");
  if (metadata.contains("resourceVersion") && !text_at(metadata, {"resourceVersion"}).empty())
    return failure(400, "BadRequest", "resourceVersion should not be set on objects to be created");
  const auto name = text_at(*o, {"metadata", "name"});
  if (store_.find(r.resource, r.name_space, name))
    return failure(409, "AlreadyExists", r.resource + " \"" + name + "\" already exists",
                   {{"name", name}, {"group", group_of(r.resource)}, {"kind", plain_name(r.resource)}});
  metadata["namespace"] = r.name_space;
  return {201, create(r.resource, std::move(*o))->text(), {}, {}, nullptr};
}

api_answer api_model::replace(const api_request& r, const std::string& body) {
  auto o = object_of(body);
  if (!o) return failure(400, "BadRequest", "the object provided is unrecognized");
  if (text_at(*o, {"metadata", "name"}) != r.name)
    return failure(400, "BadRequest", "the name of the object does not match the name on the URL");
  if (const auto no = refuse_object(r.resource, r.name_space, *o)) return failure(no->status, no->reason, no->message);
  const auto found = store_.find(r.resource, r.name_space, r.name);
  if (!found) return not_found(r);
  const auto revision = text_at(*o, {"metadata", "resourceVersion"});
  if (revision.empty())
    return failure(422, "Invalid", "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update");
  const auto uid = text_at(*o, {"metadata", "uid"});
  const auto uid_now = text_at(found->value(), {"metadata", "uid"});
  if (revision != std::to_string(found->revision()) || (!uid.empty() && uid != uid_now))
    return failure(
        409, "Conflict",
        "Operation cannot be fulfilled on " + r.resource + " \"" + r.name +
            "\": the object has been modified; please apply your changes to the latest version and try again",
        {{"name", r.name}, {"group", group_of(r.resource)}, {"kind", plain_name(r.resource)}});
  auto& metadata = object_at(*o, "metadata");
  metadata["namespace"] = r.name_space;
  metadata["uid"] = uid_now;
  metadata["creationTimestamp"] = text_at(found->value(), {"metadata", "creationTimestamp"});
  return {200, store_.put(r.resource, std::move(*o), now_().steady)->text(), {}, {}, nullptr};
}

api_state api_model::create(const std::string& resource, api_object value) {
  char uid[40];
  std::snprintf(uid, sizeof uid, "00000000-0000-4000-8000-%012zu", ++uids_);
  auto& metadata = object_at(value, "metadata");
  metadata["uid"] = uid;
  metadata["creationTimestamp"] = whole_seconds(now_().wall);
  return store_.put(resource, std::move(value), now_().steady);
}

api_state api_model::change(const std::string& resource, const std::string& name_space, const std::string& name,
                            const std::function<void(api_object&)>& change) {
  const auto found = store_.find(resource, name_space, name);
  if (!found) return nullptr;
  auto value = found->value();
  change(value);
  return store_.put(resource, std::move(value), now_().steady);
}

void api_model::remove(const std::string& resource, const std::string& name_space, const std::string& name) {
  store_.remove(resource, name_space, name, now_().steady);
}

void api_model::delete_pod(const std::string& name_space, const std::string& name, std::optional<std::int64_t> asked) {
  using std::chrono::seconds;
  const auto found = store_.find(resource::pods, name_space, name);
  if (!found) return;
  const auto& pod = found->value();
  const auto phase = text_at(pod, {"status", "phase"});
  if (text_at(pod, {"spec", "nodeName"}).empty() || phase == "Succeeded" || phase == "Failed")
    return remove(resource::pods, name_space, name);
  const auto now = now_().wall;
  auto grace = asked.value_or(number_at(pod, {"spec", "terminationGracePeriodSeconds"}).value_or(30));
  if (grace < 0) grace = 1;
  auto deadline = now + seconds(grace);
  if (const auto first = parse_whole_seconds(text_at(pod, {"metadata", "deletionTimestamp"}))) {
    const auto before = number_at(pod, {"metadata", "deletionGracePeriodSeconds"}).value_or(0);
    if (!asked || grace >= before) return;  // never later, and not without a word of it
    deadline = *first - seconds(before) + seconds(grace);
    if (deadline < now) {
      deadline = now;
      if (grace != 0) grace = 1;
    }
  }
  change(resource::pods, name_space, name, [&](api_object& o) {
    auto& metadata = object_at(o, "metadata");
    metadata["deletionTimestamp"] = whole_seconds(deadline);
    metadata["deletionGracePeriodSeconds"] = grace;
    metadata["generation"] = number_at(o, {"metadata", "generation"}).value_or(1) + 1;
  });
  if (grace == 0) remove(resource::pods, name_space, name);
}

void api_model::collect_garbage() {
  for (const auto& e : store_.list(resource::leases, "")) {
    const auto* owners = find_at(e->value(), {"metadata", "ownerReferences"});
    if (owners == nullptr || !owners->is_array() || owners->get_array().empty()) continue;
    bool owned = false;
    for (const auto& o : owners->get_array()) {
      if (!o.is_object() || text_at(o.get_object(), {"kind"}) != "Pod") continue;
      const auto pod = store_.find(resource::pods, e->name_space(), text_at(o.get_object(), {"name"}));
      owned = owned || (pod && text_at(pod->value(), {"metadata", "uid"}) == text_at(o.get_object(), {"uid"}));
    }
    if (!owned) remove(resource::leases, e->name_space(), e->name());
  }
}

}  // namespace ebb::sim
