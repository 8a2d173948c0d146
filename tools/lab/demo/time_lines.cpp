#include <algorithm>
#include <cstdio>

#include "tools/lab/demo/report.hpp"

namespace ebb::lab {
namespace {

constexpr double label_width = 92, plot_width = 880, row_height = 40, area_height = 26, strip = 5, top = 22,
                 bottom = 26;

class drawing {
 public:
  drawing(const story& s, int most) : story_(s), most_(std::max(most, 1)) {}

  std::string text() {
    const double height = top + row_height * static_cast<double>(story_.nodes.size()) + bottom;
    put("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"Time lines of the executors\">\n",
        label_width + plot_width + 8, height);
    grid(height);
    double y = top;
    for (const auto& n : story_.nodes) {
      row(n, y);
      y += row_height;
    }
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  template <class... T>
  void put(const char* pattern, T... values) {
    char piece[400];
    std::snprintf(piece, sizeof piece, pattern, values...);
    out_ += piece;
  }
  double x(double t) const { return label_width + std::clamp(t / std::max(story_.length, 1.0), 0.0, 1.0) * plot_width; }

  void grid(double height) {
    for (double t = 0; t <= story_.length; t += 10) {
      put("<line class=\"grid\" x1=\"%.1f\" y1=\"%.0f\" x2=\"%.1f\" y2=\"%.0f\"/>", x(t), top - 4, x(t),
          height - bottom);
      put("<text class=\"axis\" x=\"%.1f\" y=\"%.0f\">%.0f s</text>\n", x(t), height - 8, t);
    }
  }

  void row(const node_story& n, double y) {
    const double base = y + area_height;
    if (n.told)
      put("<rect class=\"stopping\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\"><title>told to stop at %.1f "
          "s</title></rect>\n",
          x(*n.told), y, x(n.gone.value_or(story_.length)) - x(*n.told), area_height + strip, *n.told);
    area(n, base);
    for (const auto& d : n.denied) denied(n, d, base);
    const double end = n.gone.value_or(story_.length);
    put("<line class=\"base\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", x(0), base, x(end), base);
    put("<text class=\"name\" x=\"%.0f\" y=\"%.1f\">%s</text>\n", label_width - 10, base - 4, escaped(n.name).c_str());
    marks(n, y, base);
  }

  // Running fragments as steps, cut where the executor has gone.
  void area(const node_story& n, double base) {
    if (n.running.empty()) return;
    int peak = 0;
    double level = base;
    put("<path class=\"fragments\" d=\"M%.1f %.1f", x(n.running.front().at), base);
    for (const auto& s : n.running) {
      put("L%.1f %.1f", x(s.at), level);
      level = base - area_height * s.running / most_;
      peak = std::max(peak, s.running);
      put("L%.1f %.1f", x(s.at), level);
    }
    put("L%.1f %.1fZ\"><title>%s: at most %d fragments at once</title></path>\n", x(n.running.back().at), base,
        escaped(n.name).c_str(), peak);
  }

  void denied(const node_story& n, const interval& d, double base) {
    const double to = n.gone ? std::min(d.to, *n.gone) : d.to;
    if (to <= d.from) return;
    put("<rect class=\"denied\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\"><title>on the deny list from %.1f "
        "s to %.1f s</title></rect>\n",
        x(d.from), base, std::max(x(to) - x(d.from), 1.5), strip, d.from, d.to);
  }

  void marks(const node_story& n, double y, double base) {
    if (n.signal)
      put("<path class=\"signal\" d=\"M%.1f %.1fl-5 -8h10z\"><title>SIGTERM reached the executor at %.1f "
          "s</title></path>\n",
          x(*n.signal), y + 7, *n.signal);
    if (n.gone)
      put("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"><title>gone at %.1f s%s</title></line>\n",
          n.killed ? "gone killed" : "gone", x(*n.gone), y, x(*n.gone), base + strip, *n.gone,
          n.killed ? ", by SIGKILL" : "");
    double last = -1;
    int same = 0;
    for (double t : n.lost) {  // those of one moment stand in columns of three
      same = t - last < 0.05 ? same + 1 : 0;
      last = t;
      put("<circle class=\"lost\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\"><title>a query lost at %.1f s</title></circle>",
          x(t) + 6 + 7.5 * (same / 3), y + 6 + 8.0 * (same % 3), t);
    }
    if (!n.lost.empty()) out_ += "\n";
  }

  const story& story_;
  int most_;
  std::string out_;
};

}  // namespace

std::string time_lines(const story& s, int most) { return drawing(s, most).text(); }

}  // namespace ebb::lab
