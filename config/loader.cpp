#include "config/loader.hpp"

#include "config/assembly.hpp"
#include "config/checks.hpp"
#include "config/from_file.hpp"
#include "config/interpret.hpp"
#include "config/known_names.hpp"
#include "config/old_names.hpp"

namespace ebb::config {
namespace {

void apply_environment(const environment& env, assembly& to) {
  for (const auto& [name, text] : env) {
    if (!name.starts_with("EBB_") || is_reserved(name) || is_service_address(text)) continue;
    if (const auto* known = find_variable(name))
      to.assign(*known, node_of_text(*known, text), name, name);
    else if (!is_service_link(name, text))
      to.warn(plain(name) + " is not a variable of Ebb, ignored" + suggestion_for_variable(name));
  }
}

void apply_set(std::string_view argument, assembly& to) {
  const auto equals = argument.find('=');
  const auto name = argument.substr(0, equals);
  const auto* known = find_key(name);
  if (!known) return to.fail("--set: " + plain(name) + " is not a key" + mend_for_key(name));
  if (equals == std::string_view::npos)
    return to.fail("--set: " + std::string(name) + " has no value; write --set " + std::string(name) + "=VALUE");
  if (is_secret(*known))
    return to.fail("--set: " + std::string(name) +
                   " = *** could be read by everybody in the list of processes; write " + variable_of(*known) + " or " +
                   std::string(name) + "_file");
  to.assign(*known, node_of_text(*known, argument.substr(equals + 1)), "--set", "--set");
}

std::string api_url_from(const environment& env) {
  const auto host = value_of(env, "KUBERNETES_SERVICE_HOST"), port = value_of(env, "KUBERNETES_SERVICE_PORT");
  if (host.empty() || port.empty()) return {};
  const bool v6 = host.find(':') != host.npos;
  return std::string(v6 ? "https://[" : "https://").append(host).append(v6 ? "]:" : ":").append(port);
}

pod_facts pod_of(const environment& env) {
  pod_facts pod;
  pod.name = value_of(env, "POD_NAME");
  pod.name_space = value_of(env, "POD_NAMESPACE");
  pod.uid = value_of(env, "POD_UID");
  pod.ip = value_of(env, "POD_IP");
  pod.node = value_of(env, "NODE_NAME");
  pod.in_kubernetes = !value_of(env, "KUBERNETES_SERVICE_HOST").empty();
  pod.api_url = api_url_from(env);
  return pod;
}

void apply_all(assembly& to, std::optional<std::string_view> text, std::string_view file, const environment& env,
               const std::vector<std::string>& sets) {
  apply_old_names(env, to);
  if (text) apply_file(*text, file, to);
  apply_environment(env, to);
  for (const auto& argument : sets) apply_set(argument, to);
  to.values.pod = pod_of(env);
  auto& drain = to.values.drain;
  drain.grace_from_old_variables = to.origin(*find_key("drain.grace")).ends_with("(old name)");
  for (auto& warning : warnings_about(to.values)) to.warn(std::move(warning));
}

struct chosen_file {
  std::string path, place;
  bool must_be_there = true;
};

chosen_file choose_file(const sources& from) {
  if (!from.file.empty()) return {from.file, "--config"};
  if (auto path = value_of(from.env, "EBB_CONFIG"); !path.empty()) return {std::string(path), "EBB_CONFIG"};
  return {std::string(default_path), "", false};
}

std::string cannot_read(const chosen_file& file, const std::error_code& error) {
  auto out = (file.place.empty() ? "" : file.place + ": ") + plain(file.path);
  if (error == std::errc::file_too_large) return out + " is larger than 1 MiB; a configuration has a few KiB";
  return out + " cannot be read: " + error.message() + (file.place.empty() ? "" : "; give the path of a TOML file");
}

}  // namespace

loaded load(const sources& from, const read_file& read) {
  assembly to;
  auto file = choose_file(from);
  auto content = read(file.path, largest_file);
  const bool absent = !file.must_be_there && content.error == std::errc::no_such_file_or_directory;
  if (absent)
    file.path.clear();
  else if (content.error)
    to.fail(cannot_read(file, content.error));
  auto text = content.error ? std::nullopt : std::optional<std::string_view>(content.text);
  apply_all(to, text, file.path, from.env, from.sets);
  return std::move(to).finish(file.path);
}

loaded load_text(std::string_view text, std::string_view file, const environment& env,
                 const std::vector<std::string>& sets) {
  assembly to;
  apply_all(to, text, file, env, sets);
  return std::move(to).finish(std::string(file));
}

}  // namespace ebb::config
