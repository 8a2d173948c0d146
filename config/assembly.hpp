#pragma once
// Settings while they are being put together from their sources: assignments, messages, origins. Used by the loader.
#include <string>
#include <string_view>

#include "config/loader.hpp"
#include "config/node.hpp"
#include "config/schema.hpp"

namespace ebb::config {

class assembly {
 public:
  assembly();

  // Sets a key, or records what is wrong with the value. `place` is what stands in front of a message, `origin` what
  // `ebb config --origin` shows.
  bool assign(const key& of, const node& said, std::string_view place, std::string_view origin);

  // The same for a source whose faults are only warned about.
  bool try_assign(const key& of, const node& said, std::string_view place, std::string_view origin);

  std::string_view origin(const key& of) const;
  void set_origin(const key& of, std::string_view origin);
  void fail(std::string message);  // beyond most_errors only counted
  void warn(std::string message);

  settings values;
  loaded finish(std::string file) &&;

 private:
  std::string put(const key& of, const node& said, std::string_view place, std::string_view origin);

  std::vector<std::string> origins_;
  std::vector<std::string> warnings_;
  std::vector<std::string> errors_;
  std::size_t errors_left_out_ = 0;
};

}  // namespace ebb::config
