#pragma once
// The file seam as the configuration wants it: for secrets, which are read on every use.
#include "agent/rt/files.hpp"
#include "config/file.hpp"

namespace ebb::upstream {

config::read_file reader_of(rt::file_store& files);

}  // namespace ebb::upstream
