#pragma once
// Objects of tests/data/kubernetes.
#include <string>

#include "tests/support/golden.hpp"

namespace ebb::test {

inline std::string kubernetes_object(const std::string& name) { return golden("tests/data/kubernetes/" + name); }

// The same with one text in place of another, which must be there.
inline std::string kubernetes_object(const std::string& name, const std::string& old, const std::string& text) {
  std::string body = kubernetes_object(name);
  const std::size_t at = body.find(old);
  if (at == std::string::npos) throw std::runtime_error(name + " has no " + old);
  return body.replace(at, old.size(), text);
}

}  // namespace ebb::test
