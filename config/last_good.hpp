#pragma once
// The text of the last configuration file that was good, where every agent of a container finds it: memory that init
// makes and each agent inherits. A file that is broken while an agent is replaced then costs nobody anything.
//
// No name on any disk, bounded, and written so that a writer who is killed half-way leaves the old text. It is as
// secret as the file: who may read another process' descriptors of this user may read that too.
#include <optional>
#include <string>
#include <string_view>

#include "config/loader.hpp"

namespace ebb::config {

// Where init puts it for the agent.
inline constexpr int last_good_descriptor = 4;

class last_good {
 public:
  // Empty, closed on exec. Where the kernel refuses, nothing is kept and descriptor() is -1.
  static last_good create();
  // Takes one that was inherited. Anything else under that number is left alone, and nothing is kept.
  static last_good inherited(int descriptor);
  ~last_good();
  last_good(const last_good&) = delete;

  int descriptor() const { return descriptor_; }

  // At most largest_file bytes; a text that cannot be written leaves the one before.
  void keep(std::string_view text) const;
  std::optional<std::string> text() const;

 private:
  explicit last_good(int descriptor) : descriptor_(descriptor) {}

  const int descriptor_;
};

// Reads as `read` does, and leaves the text in `text`.
read_file remembering(read_file read, std::string& text);

// As load(); of what is good the file's text is kept. No file at its default path is kept as an empty one.
loaded load_and_keep(const sources& from, const read_file& read, const last_good& kept);

struct start {
  loaded with;         // with errors only when there is no last good one either
  std::string broken;  // why the file was not taken, as after a reload; empty: it was
};

// How an agent begins: by the file, or by the last good one.
start load_or_last_good(const sources& from, const read_file& read, const last_good& kept);

}  // namespace ebb::config
