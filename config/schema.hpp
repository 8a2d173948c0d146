#pragma once
// Every key of the configuration, once. Loading, printing, help, ebb.toml and the reload all go by this table; the
// defaults are not in it, because settings{} has them.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace ebb::config {

enum class kind {
  text,
  choice,
  url,
  address,
  path,
  secret,
  matchers,
  signal,        // std::string
  flag,          // bool
  integer,       // std::int64_t
  number,        // double
  span,          // std::optional<duration>, always there
  span_or_auto,  // std::optional<duration>, nothing is "auto"
  metrics,
  taints,
  signals,  // std::vector<std::string>
  codes,    // std::vector<int>
};

// A checked value of a key. Enumerations are their name.
using value = std::variant<bool, std::int64_t, double, std::string, std::optional<duration>, std::vector<std::string>,
                           std::vector<int>>;

// When a changed value counts: at the next reading of the configuration, or with the next start of the container.
enum class effect { at_reload, at_restart };

struct key {
  std::string_view name;  // "section.key"
  kind type;
  std::string_view meaning;        // what it is
  std::string_view limit;          // what happens at its limit, or when it is not set
  std::int64_t low = 0, high = 0;  // bounds of integers, numbers, exit codes and, in milliseconds, durations
  std::span<const std::string_view> choices = {};
  bool required = false;  // an empty text or list is an error
  effect counts = effect::at_reload;
  value (*get)(const settings&) = nullptr;
  void (*set)(settings&, const value&) = nullptr;  // takes the alternative that belongs to the type
};

struct section {
  std::string_view name;
  std::string_view meaning;
};

std::span<const key> keys();
std::span<const section> sections();

const key* find_key(std::string_view name);       // "drain.settle"
const key* find_variable(std::string_view name);  // "EBB_DRAIN_SETTLE"

std::string_view section_of(const key& of);  // "drain"
std::string_view leaf_of(const key& of);     // "settle"
std::string variable_of(const key& of);      // "EBB_DRAIN_SETTLE"
inline bool is_secret(const key& of) { return of.type == kind::secret; }

// The value as TOML has it: "10s" in quotes, [0, 143, 4], a long list with one entry a line. A secret that is set is
// "***".
std::string to_toml(const key& of, const value& what);

// What may be written, for messages and help: a whole number from 1 to 100.
std::string allowed(const key& of);

}  // namespace ebb::config
