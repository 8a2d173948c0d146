#pragma once
// Options that are durations, and how a command says that it failed.
#include <CLI/CLI.hpp>
#include <string>

#include "tools/lab/model/basics.hpp"

namespace ebb::lab {

void add_span(CLI::App& app, const std::string& flag, span& into, const std::string& help);
void add_duration(CLI::App& app, const std::string& flag, duration& into, const std::string& help);
int fail(const std::string& what);  // one line on stderr, exit code 1

}  // namespace ebb::lab
