#include "proto/kubernetes/lease.hpp"

#include <boost/json.hpp>

#include "proto/kubernetes/reading.hpp"

namespace ebb::kubernetes {
namespace {

namespace json = boost::json;

constexpr proto::json_source source{"lease", object_body_limit};
constexpr proto::json_source list_source{"list of leases", list_body_limit};

lease read_lease(proto::json_fields& fields) {
  lease read;
  read.meta = read_meta(fields);
  proto::json_fields spec = fields.object("spec");
  read.record.holder = spec.string("holderIdentity");
  read.record.duration = read_seconds(spec, "leaseDurationSeconds");
  read.record.acquire_time = read_micro_time(spec, "acquireTime");
  read.record.renew_time = read_micro_time(spec, "renewTime");
  read.record.transitions = spec.integer("leaseTransitions");
  return read;
}

void set(json::object& out, std::string_view key, std::string_view value) {
  if (!value.empty()) out[key] = json::string(value);
}

void set(json::object& out, std::string_view key, const std::map<std::string, std::string>& values) {
  if (values.empty()) return;
  json::object all;
  for (const auto& [name, value] : values) all[name] = json::string(value);
  out[key] = std::move(all);
}

json::object written(const owner_reference& owner) {
  json::object out;
  set(out, "apiVersion", owner.api_version);
  set(out, "kind", owner.kind);
  set(out, "name", owner.name);
  set(out, "uid", owner.uid);
  if (owner.controller) out["controller"] = true;
  return out;
}

json::object written(const object_meta& meta) {
  json::object out;
  set(out, "name", meta.name);
  set(out, "namespace", meta.name_space);
  set(out, "uid", meta.uid);
  set(out, "resourceVersion", meta.resource_version);
  set(out, "labels", meta.labels);
  set(out, "annotations", meta.annotations);
  json::array owners;
  for (const owner_reference& owner : meta.owners) owners.push_back(written(owner));
  if (!owners.empty()) out["ownerReferences"] = std::move(owners);
  return out;
}

json::object written(const lease_record& record) {
  json::object out;
  out["holderIdentity"] = json::string(record.holder);
  if (record.duration) out["leaseDurationSeconds"] = record.duration->count();
  if (record.acquire_time) out["acquireTime"] = json::string(write_micro_time(*record.acquire_time));
  if (record.renew_time) out["renewTime"] = json::string(write_micro_time(*record.renew_time));
  if (record.transitions) out["leaseTransitions"] = *record.transitions;
  return out;
}

}  // namespace

proto::result<lease> parse_lease(std::string_view body) { return read_object(source, body, "Lease", &read_lease); }

proto::result<object_list<lease>> parse_lease_list(std::string_view body) {
  return read_list(list_source, body, "LeaseList", &read_lease);
}

std::string write_lease(const lease& object) {
  json::object out;
  out["apiVersion"] = "coordination.k8s.io/v1";
  out["kind"] = "Lease";
  out["metadata"] = written(object.meta);
  out["spec"] = written(object.record);
  return json::serialize(out);
}

}  // namespace ebb::kubernetes
