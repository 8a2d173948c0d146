#pragma once
// States of a node and the causes of a drain (docs/architecture.md has the picture).
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ebb::core {

enum class state : std::uint8_t { starting, admitting, serving, paused, draining, stopping, stopped };
enum class phase : std::uint8_t { none, denying, quiescing, drained };

std::string_view name(state s);
std::string_view name(phase p);  // "" for none

// Why a node is being drained. Values are stored across agent restarts: append only.
enum class cause : std::uint8_t { manual, annotation, node, hook, sigterm, deletion, disappeared };
constexpr int cause_count = 7;

std::string_view name(cause c);

// Irrevocable causes bring a deadline and cannot be withdrawn.
constexpr bool irrevocable(cause c) { return c == cause::sigterm || c == cause::deletion || c == cause::disappeared; }

class cause_set {
 public:
  constexpr cause_set() = default;
  constexpr cause_set(std::initializer_list<cause> causes) {
    for (cause c : causes) add(c);
  }
  static constexpr cause_set from_bits(std::uint8_t bits) {
    cause_set s;
    s.bits_ = bits & 0x7f;
    return s;
  }

  constexpr void add(cause c) { bits_ |= bit(c); }
  constexpr void remove(cause c) { bits_ &= static_cast<std::uint8_t>(~bit(c)); }
  constexpr bool has(cause c) const { return (bits_ & bit(c)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint8_t bits() const { return bits_; }
  constexpr bool any_irrevocable() const {
    return has(cause::sigterm) || has(cause::deletion) || has(cause::disappeared);
  }
  // Whether the executor may be stopped once it is drained.
  constexpr bool stops_executor() const { return has(cause::sigterm) || has(cause::deletion); }
  constexpr void remove_withdrawable() {
    for (int i = 0; i < cause_count; ++i)
      if (!irrevocable(static_cast<cause>(i))) remove(static_cast<cause>(i));
  }
  std::string text() const;  // "manual,sigterm" in the order of the enumeration

  friend constexpr bool operator==(cause_set, cause_set) = default;

 private:
  static constexpr std::uint8_t bit(cause c) { return static_cast<std::uint8_t>(1u << static_cast<unsigned>(c)); }
  std::uint8_t bits_ = 0;
};

}  // namespace ebb::core
