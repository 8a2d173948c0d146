#pragma once
// Kubernetes objects as JSON values, and the few things that one does to them. Times are as the API server writes them:
// RFC 3339 in UTC and whole seconds (metav1.Time), or with exactly six digits of a fraction (MicroTime).
#include <boost/json/object.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "agent/rt/clock.hpp"

namespace ebb::sim {

using api_object = boost::json::object;

// What is found when one key after the other is followed; null when it is not there.
const boost::json::value* find_at(const api_object& o, std::initializer_list<std::string_view> path);
std::string text_at(const api_object& o, std::initializer_list<std::string_view> path);  // "" when it is no string
std::optional<std::int64_t> number_at(const api_object& o, std::initializer_list<std::string_view> path);

// The object under that key, made where there is none.
api_object& object_at(api_object& o, std::string_view key);

// The index of the element of an array whose `key` is `value`; its size when there is none.
std::size_t index_of(const boost::json::array& list, std::string_view key, std::string_view value);

std::string whole_seconds(rt::wall_time at);  // truncated, as the API server does it
std::optional<rt::wall_time> parse_whole_seconds(std::string_view text);
bool is_micro_time(std::string_view text);

// A failure as the API server tells it.
std::string status_text(unsigned code, std::string_view reason, std::string_view message, api_object details = {});

}  // namespace ebb::sim
