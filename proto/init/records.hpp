#pragma once
// The records that init and agent exchange over their pair (SOCK_SEQPACKET), and their bytes.
//
// Every record is one packet of exactly record_size bytes, little-endian: magic (4), version (2), kind (2), the fields
// in the order of the structs below, zeros to the end. An optional is a byte 0 or 1 and the value (zeros when absent).
// Times are nanoseconds of CLOCK_MONOTONIC, which holds across the processes of one machine. Nothing here allocates:
// init encodes and decodes in its loop. The encoding is canonical: what decodes encodes to the same bytes.
//
// Errors of decode: record_errc. Whoever receives a record that does not decode ends the agent, never init.
#include <array>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

namespace ebb::pair {

inline constexpr std::size_t record_size = 1024;
inline constexpr std::size_t saved_limit = 768;
using packet = std::array<std::byte, record_size>;

// The same type as rt::time_point.
using moment = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// Opaque bytes of the agent that init keeps for the next one. Shortening is the agent's business: assign() refuses more
// than saved_limit bytes and leaves the blob as it was.
class saved_blob {
 public:
  saved_blob() = default;
  bool assign(std::span<const std::byte> bytes);
  std::span<const std::byte> bytes() const { return std::span{bytes_}.first(size_); }
  bool empty() const { return size_ == 0; }
  friend bool operator==(const saved_blob& a, const saved_blob& b);

 private:
  std::array<std::byte, saved_limit> bytes_{};
  std::uint16_t size_ = 0;
};

// How a process ended: by exit with a code of 0 to 255, or killed by a signal.
struct ending {
  bool by_signal = false;
  std::int32_t number = 0;
  // As a shell says it: the code, or 128 + the signal.
  std::int32_t exit_code() const { return by_signal ? 128 + number : number; }
  friend bool operator==(const ending&, const ending&) = default;
};

// From init.

// The first record that an agent receives, once; everything that happened before it lived. A command that cannot be
// executed at all ends init with 126 or 127 before any agent exists, so that there is no field for it.
struct hello {
  std::int32_t executor_pid = 0;
  moment spawned_at{};
  std::uint32_t generation = 0;        // 0: the first agent of this container
  std::uint32_t stop_signals = 0;      // SIGTERM and SIGINT that init has received
  std::optional<moment> first_stop{};  // when it received the first of them
  std::optional<moment> last_stop{};   // and the last
  // When the executor was first told to stop, by an agent's order or by init's own plan.
  std::optional<moment> stop_sent{};
  std::optional<moment> ended_at{};  // the executor has ended
  std::optional<ending> ended{};     // and how; present together with ended_at
  saved_blob saved{};                // what the last agent saved; empty: nothing yet
  friend bool operator==(const hello&, const hello&) = default;
};

// A signal of the container that concerns the agent: SIGTERM, SIGINT (stop), SIGHUP (reload). Count is of that kind.
struct signal_seen {
  std::int32_t signo = 0;
  std::uint32_t count = 0;
  moment at{};
  friend bool operator==(const signal_seen&, const signal_seen&) = default;
};

// The executor has ended; the agent has up to 10 s, never past the plan's deadline, to finish.
struct exited {
  ending how;
  moment at{};
  friend bool operator==(const exited&, const exited&) = default;
};

// From the agent.

// What init does if nothing better comes: the stop signal at stop_at, thread dump and SIGKILL ahead of the deadline, by
// which everything is gone, init too (core::plan: 2 s and 1 s ahead where there is room). The last plan wins.
struct plan {
  moment stop_at{};
  moment deadline{};
  friend bool operator==(const plan&, const plan&) = default;
};

// A signal for the executor: SIGQUIT goes to its pid, everything else to its group.
struct signal_order {
  std::int32_t signo = 0;
  friend bool operator==(const signal_order&, const signal_order&) = default;
};

// On every transition: kept for the next agent's hello.
struct save {
  saved_blob blob;
  friend bool operator==(const save&, const save&) = default;
};

// Each 5 s; silence of 15 s ends the agent.
struct alive {
  friend bool operator==(const alive&, const alive&) = default;
};

// Nothing more to do: sent after `exited`, init goes on to the end.
struct finished {
  friend bool operator==(const finished&, const finished&) = default;
};

using record = std::variant<hello, signal_seen, exited, plan, signal_order, save, alive, finished>;

enum class record_errc {
  wrong_size = 1,      // not record_size bytes
  wrong_magic,         // not a record of this pair
  wrong_version,       // written by another version of the binary
  unknown_kind,        // no such record
  value_out_of_range,  // a flag, signal number, exit code or length that cannot be
  trailing_bytes,      // bytes after the last field that are not zero
};

const boost::system::error_category& record_category();
inline boost::system::error_code make_error_code(record_errc e) { return {static_cast<int>(e), record_category()}; }

void encode(const record& r, packet& out);
boost::system::result<record> decode(std::span<const std::byte> bytes);

}  // namespace ebb::pair

template <>
struct boost::system::is_error_code_enum<ebb::pair::record_errc> : std::true_type {};
