#pragma once
// The /metrics page of an executor, byte for byte as the libraries of its Dremio release print it, with the figures
// that matter here filled in: active fragments, fragment states, started and ended queries.
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ebb::lab {

enum class release { v24_0, v24_3, v25_0, v25_1, v25_2, v26_0 };
constexpr std::array all_releases{release::v24_0, release::v24_3, release::v25_0,
                                  release::v25_1, release::v25_2, release::v26_0};

std::string_view name_of(release r);                       // "25.2"
bool parse_release(std::string_view text, release& into);  // false: none of the six
std::string_view recorded_page(release r);                 // a page recorded while 7 fragments ran

struct page_figures {
  int fragments = 0;
  std::uint64_t started = 0;  // queries; from 25.2 on
  std::uint64_t ended = 0;
  bool lazy = true;  // counter families appear only when there is something to count, as from 25.2 on
};

// What may be wrong with a page that is answered with 200.
enum class distortion { none, gauge_absent, not_a_number, cut_after_a_family, empty };

class page {
 public:
  explicit page(release r);
  std::string render(const page_figures& f, distortion d = distortion::none) const;

 private:
  enum class slot { literal, fragments, states, started, ended };
  struct piece {
    slot kind;
    std::string text;    // literal; else HELP and TYPE
    std::string sample;  // name and labels up to the value
  };
  void add(std::string family, const std::string& name);

  std::vector<piece> pieces_;
};

}  // namespace ebb::lab
