#include "agent/core/saved.hpp"

#include <bit>
#include <cstdint>

namespace ebb::core {

namespace {

constexpr std::uint8_t version = 3;

class writer {
 public:
  template <class T>
  void number(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      out.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  void time(time_point t) { number(static_cast<std::int64_t>(t.time_since_epoch().count())); }
  void optional_time(const std::optional<time_point>& t) {
    number<std::uint8_t>(t.has_value());
    time(t.value_or(time_point{}));
  }
  void optional_duration(const std::optional<duration>& d) {
    optional_time(d ? std::optional(time_point(*d)) : std::nullopt);
  }
  std::vector<std::byte> out;
};

class reader {
 public:
  explicit reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <class T>
  T number() {
    std::uint64_t value = 0;
    if (bytes_.size() < sizeof(T)) {
      ok = false;
      return 0;
    }
    for (std::size_t i = 0; i < sizeof(T); ++i) value |= std::to_integer<std::uint64_t>(bytes_[i]) << (8 * i);
    bytes_ = bytes_.subspan(sizeof(T));
    return static_cast<T>(value);
  }
  template <class E>
  E enumerator(E last) {
    const auto value = number<std::uint8_t>();
    if (value > static_cast<std::uint8_t>(last)) ok = false;
    return ok ? static_cast<E>(value) : E{};
  }
  time_point time() { return time_point(duration(number<std::int64_t>())); }
  std::optional<time_point> optional_time() {
    const bool there = number<std::uint8_t>() != 0;
    const auto t = time();
    return there ? std::optional(t) : std::nullopt;
  }
  std::optional<duration> optional_duration() {
    const auto t = optional_time();
    return t ? std::optional(t->time_since_epoch()) : std::nullopt;
  }
  std::string rest() { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }
  bool ok = true;

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace

std::vector<std::byte> encode(const life& l) {
  writer w;
  w.number(version);
  w.number(static_cast<std::uint8_t>(l.now));
  w.number(static_cast<std::uint8_t>(l.phase));
  w.number(l.causes.bits());
  w.number(static_cast<std::uint8_t>(l.first_cause));
  w.time(l.since);
  w.time(l.drain_began);
  w.optional_time(l.first_irrevocable);
  w.optional_duration(l.grace);
  w.optional_duration(l.pod.grace);
  w.optional_time(l.pod.kill_at);
  w.optional_time(l.pod.kill_learned);
  w.optional_time(l.pod.not_deleted);
  w.optional_time(l.pod.node_shutdown);
  w.optional_time(l.hook_began);
  w.optional_time(l.hook_ended);
  w.optional_time(l.verified_since);
  w.optional_time(l.admitted_at);
  w.number<std::uint8_t>(l.baseline.has_value());
  w.number(std::bit_cast<std::uint64_t>(l.baseline.value_or(0)));
  w.number(static_cast<std::uint8_t>(l.list_read | l.foreign_entry << 1 | l.hurried << 2 | l.executor_signalled << 3 |
                                     l.grace_told << 4 | l.pod.seen << 5));
  w.number(l.lost_updates);
  w.number(l.writes);
  w.number(l.restarts);
  for (char c : cut_reason(l.reason)) w.out.push_back(static_cast<std::byte>(c));
  return w.out;
}

std::optional<life> decode_life(std::span<const std::byte> bytes) {
  reader r(bytes);
  if (bytes.size() > saved_limit || r.number<std::uint8_t>() != version) return std::nullopt;
  life l;
  l.now = r.enumerator(state::stopped);
  l.phase = r.enumerator(phase::drained);
  l.causes = cause_set::from_bits(r.number<std::uint8_t>());
  l.first_cause = r.enumerator(cause::disappeared);
  l.since = r.time();
  l.drain_began = r.time();
  l.first_irrevocable = r.optional_time();
  l.grace = r.optional_duration();
  l.pod.grace = r.optional_duration();
  l.pod.kill_at = r.optional_time();
  l.pod.kill_learned = r.optional_time();
  l.pod.not_deleted = r.optional_time();
  l.pod.node_shutdown = r.optional_time();
  l.hook_began = r.optional_time();
  l.hook_ended = r.optional_time();
  l.verified_since = r.optional_time();
  l.admitted_at = r.optional_time();
  const bool has_baseline = r.number<std::uint8_t>() != 0;
  const auto baseline = std::bit_cast<double>(r.number<std::uint64_t>());
  if (has_baseline) l.baseline = baseline;
  const auto flags = r.number<std::uint8_t>();
  l.list_read = flags & 1;
  l.foreign_entry = flags & 2;
  l.hurried = flags & 4;
  l.executor_signalled = flags & 8;
  l.grace_told = flags & 16;
  l.pod.seen = flags & 32;
  l.lost_updates = r.number<std::uint32_t>();
  l.writes = r.number<std::uint32_t>();
  l.restarts = r.number<std::uint32_t>();
  l.reason = r.rest();
  if (!r.ok || l.reason.size() > reason_limit) return std::nullopt;
  return l;
}

}  // namespace ebb::core
