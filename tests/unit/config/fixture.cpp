#include "tests/unit/config/fixture.hpp"

#include "config/schema.hpp"

namespace ebb::config {

read_file disk(std::map<std::string, std::string> files) {
  return [files = std::move(files)](const std::string& path, std::size_t limit) -> file_content {
    const auto found = files.find(path);
    if (found == files.end()) return {{}, std::make_error_code(std::errc::no_such_file_or_directory)};
    if (found->second.size() > limit) return {{}, std::make_error_code(std::errc::file_too_large)};
    return {found->second, {}};
  };
}

read_file broken_disk(std::errc error) {
  return [error](const std::string&, std::size_t) -> file_content { return {{}, std::make_error_code(error)}; };
}

sample another_value_of(std::string_view name) {
  switch (find_key(name)->type) {
    case kind::text:
    case kind::path:
    case kind::secret: return {"other", "\"other\""};
    case kind::choice:
      return name == "log.format"  ? sample{"json", "\"json\""}
             : name == "log.level" ? sample{"debug", "\"debug\""}
                                   : sample{"off", "\"off\""};
    case kind::url: return {"https://other:1/p", "\"https://other:1/p\""};
    case kind::address: return {"127.0.0.1:7", "\"127.0.0.1:7\""};
    case kind::matchers: return {"a=\"b\"", "'a=\"b\"'"};
    case kind::signal: return {"SIGINT", "\"SIGINT\""};
    case kind::flag: return {"false", "false"};
    case kind::integer: return {"7", "7"};
    case kind::number: return name == "retry.ratio" ? sample{"0.25", "0.25"} : sample{"25", "25"};
    case kind::span:
    case kind::span_or_auto: return {"7s", "\"7s\""};
    case kind::metrics:
    case kind::taints: return {"a,b", R"(["a", "b"])"};
    case kind::signals: return {"SIGUSR1, SIGUSR2", R"(["SIGUSR1", "SIGUSR2"])"};
    case kind::codes: return {"0, 3", "[0, 3]"};
  }
  return {};
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

}  // namespace ebb::config
