#include <algorithm>
#include <cctype>

#include "agent/cli/findings.hpp"
#include "agent/cli/words.hpp"
#include "config/checks.hpp"

namespace ebb::cli {

namespace {

constexpr auto admin_mend = "make the account a member of Dremio's ADMIN role";

bool says(const std::string& error, std::string_view what) { return error.find(what) != std::string::npos; }

std::string login_mend(const std::string& error) {
  if (says(error, "HTTP 401")) return "correct dremio.user and dremio.password, or the service user's id and secret";
  if (says(error, "HTTP 403")) return "this Dremio has no user yet: make its first administrator, then the account";
  if (says(error, "HTTP 404") || says(error, "JSON"))
    return "dremio.url must be the coordinator's own address, such as http://dremio-client:9047";
  if (says(error, "HTTP 429") || says(error, "HTTP 5")) return "look at the coordinator: it does not serve logins now";
  if (says(error, "timed out")) return "raise dremio.login_timeout, or look at the coordinator and its LDAP";
  return "see the cause; dremio.* has the account";
}

std::string account(const config::dremio_settings& s) {
  switch (config::chosen(s)) {
    case config::credentials::token: return "a token";
    case config::credentials::client: return "service user " + s.client_id;
    case config::credentials::login: return s.user.file.empty() ? "user " + s.user.value : "the user in " + s.user.file;
    case config::credentials::none: break;
  }
  return "nobody";
}

bool same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

// executor-0 beside executor-0.svc.cluster.local, either way round.
bool is_first_label_of(std::string_view a, std::string_view b) {
  return a.size() < b.size() && b[a.size()] == '.' && same_but_for_case(a, b.substr(0, a.size()));
}

bool resembles(std::string_view entry, std::string_view name) {
  return same_but_for_case(entry, name) || is_first_label_of(entry, name) || is_first_label_of(name, entry);
}

std::string first_executors(std::span<const dremio::node_row> rows) {
  constexpr int at_most = 3;
  std::string out;
  int told = 0;
  for (const auto& r : rows)
    if (r.is_executor && told++ < at_most) out.append(out.empty() ? "" : ", ").append(r.name);
  if (told > at_most) out += ", …";
  return out.empty() ? "none" : out;
}

finding known_row(const own_name& own, const dremio::node_row& row) {
  const auto what = own.name + " (" + own.source + ") is known to Dremio" +
                    (row.engine.empty() ? std::string() : ", engine " + row.engine) +
                    (row.version.empty() ? std::string() : ", version " + row.version);
  if (row.is_compatible && !*row.is_compatible)
    return failure("node.row", what + ", but of another version than the coordinator",
                   "run the same Dremio version on all nodes: this one gets no work");
  if (row.status == "red")
    return warning("node.row",
                   what + ", but the coordinator gets no answer from it" +
                       (row.details.empty() ? std::string() : " (" + row.details + ")"),
                   "look at the executor's log and at the network between the two");
  return good("node.row", what);
}

}  // namespace

finding about_login(const config::dremio_settings& s, const std::string& error, const std::string& version) {
  if (!error.empty()) return failure("dremio.login", "as " + account(s) + ": " + error, login_mend(error));
  if (config::chosen(s) == config::credentials::token)
    return good("dremio.login", "with a token, which needs none; whether it is accepted shows below");
  return good("dremio.login", "as " + account(s) + (version.empty() ? std::string() : ", Dremio " + version));
}

finding about_privilege(std::optional<bool> can_manage_nodes) {
  if (!can_manage_nodes) return good("dremio.privilege", "not told to this kind of account; the list shows it");
  if (!*can_manage_nodes)
    return failure("dremio.privilege", "the account may not manage node activity: it cannot write the deny list",
                   admin_mend);
  return good("dremio.privilege", "the account may manage node activity");
}

finding about_list(const keeper::list_call& read) {
  using core::list_outcome;
  if (read.outcome == list_outcome::ok)
    return good("dremio.list", "readable, " + counted(static_cast<std::int64_t>(read.list.size()), "entry", "entries"));
  if (read.outcome == list_outcome::unavailable && says(read.error, "HTTP 404"))
    return warning("dremio.list",
                   "this Dremio has no deny list (" + read.error +
                       "): new queries come in until the executor stops, "
                       "and a drain goes by the metric alone",
                   "use Dremio Enterprise, or leave dremio.url empty to say that this is meant");
  if (read.outcome == list_outcome::unavailable)
    return failure("dremio.list", "the account may not use it: " + read.error, admin_mend);
  if (read.outcome == list_outcome::login_again)
    return failure("dremio.list", "the token is refused: " + read.error, "make a new one; it may have expired");
  if (says(read.error, "JSON") || says(read.error, "deny list"))
    return failure("dremio.list", read.error, "dremio.url must be the coordinator's own address");
  return failure("dremio.list", read.error, "look at the coordinator, and at what stands before it");
}

finding about_row(const own_name& own, std::span<const std::string> addresses, std::span<const dremio::node_row> rows) {
  const auto mine = std::ranges::find_if(rows, [&](const auto& r) { return r.is_executor && r.name == own.name; });
  if (mine != rows.end()) return known_row(own, *mine);
  const auto other = std::ranges::find_if(rows, [&](const auto& r) {
    return r.is_executor && (resembles(r.name, own.name) || std::ranges::find(addresses, r.ip) != addresses.end());
  });
  if (other != rows.end())
    return failure("node.row",
                   "Dremio calls this node " + other->name + ", and an entry " + own.name + " would have no effect",
                   "set dremio.node_name = \"" + other->name + "\"");
  return warning("node.row", own.name + " is not known to Dremio (executors: " + first_executors(rows) + ")",
                 "ask again when the executor is up; if it is, set dremio.node_name to its name in Node Activity");
}

finding about_entry(const own_name& own, const core::deny_list& list) {
  if (core::contains(list, own.name))
    return warning("node.entry", own.name + " is on the deny list: Dremio gives it no new work",
                   "`ebb undrain`, unless a drain is under way or somebody wants it so");
  const auto alike = std::ranges::find_if(list, [&](const auto& entry) { return resembles(entry, own.name); });
  if (alike != list.end())
    return warning("node.entry",
                   "the entry " + *alike + " resembles " + own.name + ", but Dremio compares exactly: it has no effect",
                   "take it off in Dremio's Node Activity");
  return good("node.entry", own.name + " is not on the deny list");
}

}  // namespace ebb::cli
