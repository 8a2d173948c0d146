#pragma once
// What one check of `ebb check` found.
#include <string>
#include <vector>

namespace ebb::cli {

enum class verdict : unsigned char { ok, warning, failure };

struct finding {
  std::string check;  // "dremio.login"; stable, for programs
  verdict result = verdict::ok;
  std::string why;   // ok: what was seen; else: what is wrong
  std::string mend;  // empty where nothing is to be done
};

inline finding good(std::string check, std::string seen) {
  return {std::move(check), verdict::ok, std::move(seen), {}};
}
inline finding warning(std::string check, std::string why, std::string mend) {
  return {std::move(check), verdict::warning, std::move(why), std::move(mend)};
}
inline finding failure(std::string check, std::string why, std::string mend) {
  return {std::move(check), verdict::failure, std::move(why), std::move(mend)};
}

}  // namespace ebb::cli
