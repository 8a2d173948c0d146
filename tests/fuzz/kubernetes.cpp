// Every object of Kubernetes that is read, and a watch's stream of them in pieces.
#include "proto/kubernetes/autoscaler.hpp"
#include "proto/kubernetes/event.hpp"
#include "proto/kubernetes/lease.hpp"
#include "proto/kubernetes/node.hpp"
#include "proto/kubernetes/pod.hpp"
#include "proto/kubernetes/service.hpp"
#include "proto/kubernetes/watch.hpp"
#include "tests/fuzz/property.hpp"

namespace {

using ebb::fuzz::is_one_line;
using ebb::fuzz::require;
namespace kubernetes = ebb::kubernetes;

template <class T>
bool checked(const ebb::proto::result<T>& read) {
  if (read.has_error()) require(is_one_line(read.error().what), "an error is one line");
  return read.has_value();
}

void check_status(std::string_view body) {
  const kubernetes::status status = kubernetes::parse_status(body);
  require(is_one_line(status.message) && is_one_line(status.reason), "what a Status says is one line");
}

void check_objects(std::string_view body) {
  checked(kubernetes::parse_pod(body));
  checked(kubernetes::parse_pod_list(body));
  checked(kubernetes::parse_partial_list(body));
  checked(kubernetes::parse_node(body));
  checked(kubernetes::parse_node_list(body));
  checked(kubernetes::parse_lease_list(body));
  checked(kubernetes::parse_autoscaler_list(body));
  checked(kubernetes::parse_service(body));
  const auto lease = kubernetes::parse_lease(body);
  if (checked(lease)) {
    const auto again = kubernetes::parse_lease(kubernetes::write_lease(*lease));
    require(again.has_value() && again->record == lease->record, "a lease survives writing and reading");
  }
  check_status(body);
}

void check_watch(std::string_view stream) {
  constexpr std::size_t piece = 5;
  kubernetes::watch_splitter whole;
  const auto lines = whole.put(stream);
  std::size_t count = 0;
  kubernetes::watch_splitter pieces;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    for (const std::string& line : *pieces.put(stream.substr(at, piece))) {
      require(line == lines->at(count++), "pieces give the same lines as the whole");
    }
  }
  require(count == lines->size(), "pieces give all lines");
  for (const std::string& line : *lines) {
    const auto event = kubernetes::parse_watch_event(line);
    if (checked(event)) check_objects(event->object);
  }
}

void check_times(std::string_view text) {
  const auto time = kubernetes::parse_micro_time(text);
  if (time) require(kubernetes::parse_micro_time(kubernetes::write_micro_time(*time)) == time, "a MicroTime survives");
  const std::string name = kubernetes::event_name(text, {});
  require(name.size() <= kubernetes::subdomain_limit && is_one_line(name), "an event's name is short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = ebb::fuzz::text(data, size);
  check_objects(text);
  check_watch(text);
  check_times(text);
  return 0;
}
