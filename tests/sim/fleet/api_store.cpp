#include "tests/sim/fleet/api_store.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>

namespace ebb::sim {

namespace {

std::int64_t revision_in(const api_object& o) {
  const auto text = text_at(o, {"metadata", "resourceVersion"});
  std::int64_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

}  // namespace

api_entry::api_entry(api_object value)
    : value_(std::move(value)),
      name_(text_at(value_, {"metadata", "name"})),
      name_space_(text_at(value_, {"metadata", "namespace"})),
      revision_(revision_in(value_)) {}

const std::string& api_entry::text() const {
  if (text_.empty()) text_ = boost::json::serialize(value_);
  return text_;
}

const std::string& api_entry::metadata_text() const {
  if (metadata_text_.empty()) {
    api_object o;
    o["kind"] = "PartialObjectMetadata";
    o["apiVersion"] = "meta.k8s.io/v1";
    o["metadata"] = value_.at("metadata");
    metadata_text_ = boost::json::serialize(o);
  }
  return metadata_text_;
}

std::int64_t api_store::revision_of(const std::string& resource) const {
  const auto t = tables_.find(resource);
  return t == tables_.end() ? 0 : t->second.revision;
}

std::int64_t api_store::forgotten(const std::string& resource) const {
  const auto t = tables_.find(resource);
  return t == tables_.end() ? 0 : t->second.forgotten;
}

api_state api_store::find(const std::string& resource, const std::string& name_space, const std::string& name) const {
  const auto t = tables_.find(resource);
  if (t == tables_.end()) return nullptr;
  const auto it = t->second.objects.find({name_space, name});
  return it == t->second.objects.end() ? nullptr : it->second;
}

std::vector<api_state> api_store::list(const std::string& resource, const std::string& name_space) const {
  std::vector<api_state> out;
  const auto t = tables_.find(resource);
  if (t == tables_.end()) return out;
  for (const auto& [where, state] : t->second.objects)
    if (name_space.empty() || where.first == name_space) out.push_back(state);
  return out;
}

api_state api_store::put(const std::string& resource, api_object value, rt::time_point now) {
  object_at(value, "metadata")["resourceVersion"] = std::to_string(++revision_);
  auto after = std::make_shared<const api_entry>(std::move(value));
  auto& at = tables_[resource].objects[{after->name_space(), after->name()}];
  auto before = std::exchange(at, after);
  tell(resource, {revision_, now, std::move(before), after, after});
  return after;
}

void api_store::remove(const std::string& resource, const std::string& name_space, const std::string& name,
                       rt::time_point now) {
  auto& objects = tables_[resource].objects;
  const auto it = objects.find({name_space, name});
  if (it == objects.end()) return;
  auto before = it->second;
  objects.erase(it);
  auto value = before->value();
  object_at(value, "metadata")["resourceVersion"] = std::to_string(++revision_);
  tell(resource, {revision_, now, before, nullptr, std::make_shared<const api_entry>(std::move(value))});
}

void api_store::tell(const std::string& resource, api_change c) {
  auto& t = tables_[resource];
  t.revision = c.revision;
  while (t.changes.size() >= changes_kept && t.changes.front().at + remembered < c.at) {
    t.forgotten = t.changes.front().revision;
    t.changes.pop_front();
  }
  t.changes.push_back(c);
  if (on_change) on_change(resource, c);
}

void api_store::forget_all() {
  for (auto& [name, t] : tables_) {
    t.forgotten = revision_;
    t.changes.clear();
  }
}

}  // namespace ebb::sim
