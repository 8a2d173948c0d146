#pragma once
// `ebb install DIR`: this binary as DIR/ebb and DIR/java, mode 0755, for an init container of an image that has no
// shell.
#include <string>

namespace ebb::cli {

// Each file appears whole or not at all, also over an older one that runs at this moment. A directory that is not there
// is made (not its parents). Returns an empty string, else one line that names the path, the cause and the mend.
std::string install(const std::string& binary, const std::string& directory);

}  // namespace ebb::cli
