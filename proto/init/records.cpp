#include "proto/init/records.hpp"

#include <algorithm>
#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace ebb::pair {
namespace {

constexpr std::uint32_t magic = 0x50424245;  // "EBBP"
constexpr std::uint16_t version = 1;
constexpr std::int32_t last_signal = 64;  // SIGRTMAX of Linux

class record_category_type : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "ebb.pair"; }
  std::string message(int value) const override {
    switch (static_cast<record_errc>(value)) {
      case record_errc::wrong_size: return "the packet has not the size of a record";
      case record_errc::wrong_magic: return "the packet is not a record";
      case record_errc::wrong_version: return "the record has another version";
      case record_errc::unknown_kind: return "the record is of an unknown kind";
      case record_errc::value_out_of_range: return "a value of the record is out of range";
      case record_errc::trailing_bytes: return "the record has bytes behind its last field";
    }
    return "unknown error";
  }
};

// Both directions are one description: each struct names its fields once (`fields`, below), and a writer or a reader
// visits them.
class writer {
 public:
  explicit writer(packet& out) : out_(out) { out_.fill(std::byte{0}); }

  template <std::integral T>
  void number(const T& value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) out_[at_++] = static_cast<std::byte>((bits >> (8 * i)) & 0xff);
  }
  void bytes(std::span<const std::byte> b) {
    std::ranges::copy(b, out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += b.size();
  }

 private:
  packet& out_;
  std::size_t at_ = 0;
};

class reader {
 public:
  explicit reader(std::span<const std::byte> in) : in_(in) {}

  template <std::integral T>
  T number() {
    std::make_unsigned_t<T> bits = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      bits = static_cast<std::make_unsigned_t<T>>(
          bits | static_cast<std::make_unsigned_t<T>>(static_cast<std::make_unsigned_t<T>>(in_[at_++]) << (8 * i)));
    }
    return static_cast<T>(bits);
  }
  template <std::integral T>
  T number_within(T low, T high) {
    T value = number<T>();
    if (value < low || value > high) fail();
    return std::clamp(value, low, high);
  }
  std::span<const std::byte> bytes(std::size_t n) { return in_.subspan(std::exchange(at_, at_ + n), n); }
  std::span<const std::byte> rest() const { return in_.subspan(at_); }
  void fail() { failed_ = true; }
  bool failed() const { return failed_; }

 private:
  std::span<const std::byte> in_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

void put(writer& w, std::int32_t v) { w.number(v); }
void put(writer& w, std::uint32_t v) { w.number(v); }
void put(writer& w, moment v) { w.number(static_cast<std::int64_t>(v.time_since_epoch().count())); }
void put(writer& w, const ending& v) {
  w.number(static_cast<std::uint8_t>(v.by_signal));
  w.number(v.number);
}
void put(writer& w, const saved_blob& v) {
  w.number(static_cast<std::uint16_t>(v.bytes().size()));
  w.bytes(v.bytes());
}
template <class T>
void put(writer& w, const std::optional<T>& v) {
  w.number(static_cast<std::uint8_t>(v.has_value()));
  put(w, v.value_or(T{}));
}

void get(reader& r, std::int32_t& v) { v = r.number<std::int32_t>(); }
void get(reader& r, std::uint32_t& v) { v = r.number<std::uint32_t>(); }
void get(reader& r, moment& v) { v = moment{std::chrono::nanoseconds{r.number<std::int64_t>()}}; }
void get(reader& r, ending& v) {
  v.by_signal = r.number_within<std::uint8_t>(0, 1) == 1;
  v.number = v.by_signal ? r.number_within(1, last_signal) : r.number_within(0, 255);
}
void get(reader& r, saved_blob& v) { v.assign(r.bytes(r.number_within<std::uint16_t>(0, saved_limit))); }
template <class T>
void get(reader& r, std::optional<T>& v) {
  if (r.number_within<std::uint8_t>(0, 1) == 1) {
    get(r, v.emplace());
    return;
  }
  T absent{};
  get(r, absent);
  if (!(absent == T{})) r.fail();
}

// The fields of a record in the order of their bytes. A blob is the last one, since it is as long as it says.
template <class R>
auto fields(R& r) {
  using T = std::remove_const_t<R>;
  if constexpr (std::same_as<T, hello>) {
    return std::tie(r.executor_pid, r.spawned_at, r.generation, r.stop_signals, r.first_stop, r.last_stop, r.stop_sent,
                    r.ended_at, r.ended, r.saved);
  } else if constexpr (std::same_as<T, signal_seen>) {
    return std::tie(r.signo, r.count, r.at);
  } else if constexpr (std::same_as<T, exited>) {
    return std::tie(r.how, r.at);
  } else if constexpr (std::same_as<T, plan>) {
    return std::tie(r.stop_at, r.deadline);
  } else if constexpr (std::same_as<T, signal_order>) {
    return std::tie(r.signo);
  } else if constexpr (std::same_as<T, save>) {
    return std::tie(r.blob);
  } else {
    return std::tuple<>{};
  }
}

bool is_signal(std::int32_t signo) { return signo >= 1 && signo <= last_signal; }

template <class R>
bool sensible(const R& r) {
  if constexpr (std::same_as<R, hello>) {
    return r.executor_pid > 0 && r.ended.has_value() == r.ended_at.has_value() &&
           (r.stop_signals > 0) == r.first_stop.has_value() && r.first_stop.has_value() == r.last_stop.has_value();
  } else if constexpr (std::same_as<R, signal_seen> || std::same_as<R, signal_order>) {
    return is_signal(r.signo);
  } else {
    return true;
  }
}

// The kind on the wire is the alternative's place in `record`, from 1 on.
template <std::size_t I = 0>
bool get_alternative(std::size_t index, reader& r, record& out) {
  if constexpr (I < std::variant_size_v<record>) {
    if (index != I) return get_alternative<I + 1>(index, r, out);
    auto& alternative = out.emplace<I>();
    std::apply([&r](auto&... field) { (get(r, field), ...); }, fields(alternative));
    if (!sensible(alternative)) r.fail();
    return true;
  } else {
    return false;
  }
}

}  // namespace

const boost::system::error_category& record_category() {
  static const record_category_type category;
  return category;
}

bool saved_blob::assign(std::span<const std::byte> bytes) {
  if (bytes.size() > saved_limit) return false;
  std::ranges::copy(bytes, bytes_.begin());
  size_ = static_cast<std::uint16_t>(bytes.size());
  return true;
}

bool operator==(const saved_blob& a, const saved_blob& b) { return std::ranges::equal(a.bytes(), b.bytes()); }

void encode(const record& r, packet& out) {
  writer w(out);
  w.number(magic);
  w.number(version);
  w.number(static_cast<std::uint16_t>(r.index() + 1));
  std::visit([&w](const auto& v) { std::apply([&w](const auto&... field) { (put(w, field), ...); }, fields(v)); }, r);
}

boost::system::result<record> decode(std::span<const std::byte> bytes) {
  if (bytes.size() != record_size) return record_errc::wrong_size;
  reader r(bytes);
  if (r.number<std::uint32_t>() != magic) return record_errc::wrong_magic;
  if (r.number<std::uint16_t>() != version) return record_errc::wrong_version;
  auto kind = r.number<std::uint16_t>();
  record out;
  if (kind == 0 || !get_alternative(kind - 1u, r, out)) return record_errc::unknown_kind;
  if (r.failed()) return record_errc::value_out_of_range;
  if (std::ranges::any_of(r.rest(), [](std::byte b) { return b != std::byte{0}; })) return record_errc::trailing_bytes;
  return out;
}

}  // namespace ebb::pair
