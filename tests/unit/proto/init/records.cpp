#include "proto/init/records.hpp"

#include <limits>
#include <random>
#include <string_view>

#include "tests/support/catch.hpp"

using namespace ebb::pair;
using namespace std::chrono_literals;

namespace {

packet encoded(const record& r) {
  packet p;
  encode(r, p);
  return p;
}

saved_blob blob_of(std::size_t size, std::byte fill) {
  saved_blob b;
  std::array<std::byte, saved_limit> bytes;
  bytes.fill(fill);
  REQUIRE(b.assign(std::span{bytes}.first(size)));
  return b;
}

// Draws records whose fields lie anywhere in their range, the edges included.
class record_source {
 public:
  explicit record_source(unsigned seed) : engine_(seed) {}

  record next() {
    switch (below(8)) {
      case 0: return a_hello();
      case 1: return signal_seen{signo(), any32(), when()};
      case 2: return exited{how(), when()};
      case 3: return plan{when(), when()};
      case 4: return signal_order{signo()};
      case 5: return save{blob()};
      case 6: return alive{};
      default: return finished{};
    }
  }

 private:
  std::uint32_t below(std::uint32_t n) { return std::uniform_int_distribution<std::uint32_t>(0, n - 1)(engine_); }
  std::uint32_t any32() {
    return below(3) ? static_cast<std::uint32_t>(engine_()) : std::numeric_limits<std::uint32_t>::max();
  }
  moment when() {
    switch (below(4)) {
      case 0: return moment::min();
      case 1: return moment::max();
      default: return moment{std::chrono::nanoseconds{static_cast<std::int64_t>(engine_())}};
    }
  }
  std::int32_t signo() { return static_cast<std::int32_t>(1 + below(64)); }
  ending how() { return below(2) ? ending{true, signo()} : ending{false, static_cast<std::int32_t>(below(256))}; }
  saved_blob blob() { return blob_of(below(saved_limit + 1), std::byte{0xa5}); }
  hello a_hello() {
    hello h{.executor_pid = static_cast<std::int32_t>(1 + below(4'194'304)),
            .spawned_at = when(),
            .generation = any32(),
            .saved = blob()};
    if (below(2)) {
      h.stop_signals = 1 + below(100);
      h.first_stop = when();
      h.last_stop = when();
    }
    if (below(2)) h.stop_sent = when();
    if (below(2)) {
      h.ended_at = when();
      h.ended = how();
    }
    return h;
  }

  std::mt19937_64 engine_;
};

}  // namespace

TEST_CASE("every record survives its own bytes") {
  record_source source(7);
  for (int i = 0; i < 5'000; ++i) {
    record r = source.next();
    auto back = decode(encoded(r));
    REQUIRE(back.has_value());
    REQUIRE(*back == r);
  }
}

TEST_CASE("what decodes encodes to the same bytes, whatever byte was changed") {
  record_source source(11);
  std::mt19937 engine(13);
  int accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    packet p = encoded(source.next());
    p[engine() % (i % 2 ? record_size : 64)] = static_cast<std::byte>(engine());
    auto r = decode(p);
    if (!r) continue;
    ++accepted;
    REQUIRE(encoded(*r) == p);
  }
  CHECK(accepted > 1'000);
}

TEST_CASE("the bytes of a plan are the documented ones") {
  packet p = encoded(plan{moment{1ns}, moment{-2ns}});
  const std::array<unsigned char, 24> expected = {'E', 'B', 'B', 'P', 1,    0,    4,    0,    1,    0,    0,    0,
                                                  0,   0,   0,   0,   0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(p[i] == std::byte{expected[i]});
}

TEST_CASE("a packet that is no record is refused by name") {
  const packet good = encoded(plan{moment{5s}, moment{6s}});
  auto with = [&good](std::size_t at, unsigned char value) {
    packet p = good;
    p[at] = std::byte{value};
    return p;
  };
  CHECK(decode(std::span{good}.first(record_size - 1)).error() == record_errc::wrong_size);
  CHECK(decode({}).error() == record_errc::wrong_size);
  CHECK(decode(with(0, 'e')).error() == record_errc::wrong_magic);
  CHECK(decode(with(4, 2)).error() == record_errc::wrong_version);
  CHECK(decode(with(6, 0)).error() == record_errc::unknown_kind);
  CHECK(decode(with(6, 9)).error() == record_errc::unknown_kind);
  CHECK(decode(with(7, 1)).error() == record_errc::unknown_kind);
  CHECK(decode(with(24, 1)).error() == record_errc::trailing_bytes);
  CHECK(decode(with(record_size - 1, 1)).error() == record_errc::trailing_bytes);
  CHECK(decode(good).has_value());
}

TEST_CASE("values that cannot be are refused") {
  CHECK(decode(encoded(signal_order{0})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(signal_order{65})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(signal_seen{-1, 1, {}})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(exited{{false, 256}, {}})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(exited{{true, 0}, {}})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(hello{.executor_pid = 0})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(hello{.executor_pid = 7, .stop_signals = 1})).error() == record_errc::value_out_of_range);
  CHECK(decode(encoded(hello{.executor_pid = 7, .ended = ending{}})).error() == record_errc::value_out_of_range);
  packet length = encoded(save{blob_of(saved_limit, std::byte{1})});
  length[8] = std::byte{0x01};
  length[9] = std::byte{0x03};  // 769
  CHECK(decode(length).error() == record_errc::value_out_of_range);
}

TEST_CASE("a blob beyond its limit is refused and leaves the old one") {
  saved_blob b = blob_of(3, std::byte{1});
  std::array<std::byte, saved_limit + 1> large{};
  CHECK_FALSE(b.assign(large));
  CHECK(b == blob_of(3, std::byte{1}));
}

TEST_CASE("an ending reads as a shell says it") {
  CHECK(ending{false, 42}.exit_code() == 42);
  CHECK(ending{true, 9}.exit_code() == 137);
  CHECK(ending{true, 15}.exit_code() == 143);
}

TEST_CASE("every error of a record says what is wrong") {
  for (int value = 1; value <= 6; ++value) {
    CHECK(make_error_code(static_cast<record_errc>(value)).message() != "unknown error");
  }
  CHECK(std::string_view(record_category().name()) == "ebb.pair");
}
