#include "tests/sim/fleet/api_request.hpp"

#include <charconv>
#include <set>
#include <vector>

#include "agent/http/url.hpp"

namespace ebb::sim {

namespace {

std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::size_t number(std::string_view text) {
  std::size_t n = 0;
  std::from_chars(text.data(), text.data() + text.size(), n);
  return n;
}

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

// "/api/v1/namespaces/NS/pods/NAME" and "/apis/GROUP/VERSION/namespaces/NS/RESOURCE/NAME".
void read_path(api_request& r, std::string_view path) {
  r.resource = path;
  auto parts = parts_of(path, '/');
  std::string group;
  std::size_t at = 2;
  if (parts.size() > 3 && parts[0] == "apis") {
    group = "." + parts[1];
    at = 3;
  } else if (parts.size() < 3 || parts[0] != "api") {
    return;
  }
  if (parts.size() > at + 2 && parts[at] == "namespaces") {
    r.name_space = http::percent_decode(parts[at + 1]);
    at += 2;
  }
  const std::string sub = parts.size() > at + 2 ? "/" + parts[at + 2] : "";
  r.resource = parts[at] + sub + group;
  if (parts.size() > at + 1) r.name = http::percent_decode(parts[at + 1]);
  static const std::set<std::string> served = {resource::pods, resource::nodes, resource::leases, resource::events};
  r.known = served.contains(r.resource) && (r.resource == resource::nodes) == r.name_space.empty();
}

void read_labels(api_request& r, const std::string& selector) {
  for (const auto& term : parts_of(selector, ',')) {
    const auto equal = term.find('=');
    const auto value = term.find_first_not_of('=', equal);
    if (equal == std::string::npos || equal == 0 || term[equal - 1] == '!') {
      r.other_selectors = true;
    } else {
      r.labels[term.substr(0, equal)] = value == std::string::npos ? "" : term.substr(value);
    }
  }
}

void read_fields(api_request& r, const std::string& selector) {
  constexpr std::string_view by_name = "metadata.name=";
  for (const auto& term : parts_of(selector, ',')) {
    if (term.starts_with(by_name) && r.name.empty())
      r.name = term.substr(term.find_first_not_of('=', by_name.size() - 1));
    else
      r.other_selectors = true;
  }
}

}  // namespace

bool api_request::selects(const api_entry& e) const {
  if (!name_space.empty() && e.name_space() != name_space) return false;
  if (!name.empty() && e.name() != name) return false;
  for (const auto& [key, value] : labels)
    if (const auto* found = find_at(e.value(), {"metadata", "labels", key});
        found == nullptr || !found->is_string() || std::string_view(found->get_string()) != value)
      return false;
  return true;
}

api_request read_api_request(const http::request& from) {
  api_request r;
  read_path(r, from.path());
  const bool whole = r.name.empty();
  bool watch = false;
  const auto query = from.target.find('?');
  if (query != std::string::npos)
    for (const auto& [key, value] : http::parse_query(std::string_view(from.target).substr(query + 1))) {
      if (key == "watch") watch = is_true(value);
      if (key == "labelSelector") read_labels(r, value);
      if (key == "fieldSelector") read_fields(r, value);
      if (key == "limit") r.limit = number(value);
      if (key == "continue") r.continues = value;
      if (key == "resourceVersion") r.resource_version = value;
      if (key == "allowWatchBookmarks") r.bookmarks = is_true(value);
      if (key == "timeoutSeconds" && number(value) > 0) r.timeout = std::chrono::seconds(number(value));
    }
  const auto accept = http::find_header(from.headers, "Accept").value_or("");
  r.metadata_only = accept.find("as=PartialObjectMetadata") != std::string_view::npos;
  // A name in the path makes it a get, whatever `watch` says.
  if (from.method == "GET" || from.method == "HEAD") r.verb = !whole ? "get" : watch ? "watch" : "list";
  if (from.method == "POST") r.verb = "create";
  if (from.method == "PUT") r.verb = "update";
  if (from.method == "PATCH") r.verb = "patch";
  if (from.method == "DELETE") r.verb = whole ? "deletecollection" : "delete";
  return r;
}

}  // namespace ebb::sim
