#pragma once
// What a person sees while the demonstration runs: lines that stay, and on a terminal a block below them that moves.
#include <string>
#include <vector>

namespace ebb::lab {

class progress {
 public:
  explicit progress(bool terminal) : terminal_(terminal) {}
  ~progress() { clear(); }

  bool terminal() const { return terminal_; }
  void line(const std::string& text);
  void block(std::vector<std::string> lines);  // replaces the last one; nothing where there is no terminal
  void clear() { block({}); }

 private:
  void wipe();
  bool terminal_;
  std::vector<std::string> block_;
};

}  // namespace ebb::lab
