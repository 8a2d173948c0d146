#ifndef EBB_TESTS_SUPPORT_CATCH_HPP  // not "pragma once": a precompiled copy of this file may come from another folder
#define EBB_TESTS_SUPPORT_CATCH_HPP
// Catch2 2.13 (Debian 12) and 3.x (Debian 13, Ubuntu 24.04) under one name.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>
inline auto ContainsSubstring(const std::string& s) { return Catch::Matchers::Contains(s); }
#endif
#endif
