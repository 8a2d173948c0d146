#include "tools/lab/demo/story_json.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <stdexcept>

namespace ebb::lab {

BOOST_DESCRIBE_STRUCT(interval, (), (from, to))
BOOST_DESCRIBE_STRUCT(node_story::step, (), (at, running))
BOOST_DESCRIBE_STRUCT(node_story, (),
                      (name, told, signal, left, gone, killed, failure, denied, running, lost, entries_lost,
                       entries_restored, ever_denied))
BOOST_DESCRIBE_STRUCT(story, (), (key, title, length, nodes, started, finished, lost, refused, running, list_writes))
BOOST_DESCRIBE_STRUCT(stop_seen, (), (node, name, from, told, gone, killed, failure))
BOOST_DESCRIBE_STRUCT(run_seen, (), (key, title, began, stops))

namespace {

template <class T>
T read(std::string_view text, const char* what) {
  boost::system::error_code ec;
  const auto json = boost::json::parse(text, ec);
  if (ec) throw std::invalid_argument(std::string(what) + ": no JSON: " + ec.message());
  auto value = boost::json::try_value_to<T>(json);
  if (!value)
    throw std::invalid_argument(std::string(what) +
                                ": a field is missing, unknown or of another type: " + value.error().message());
  return *value;
}

}  // namespace

std::string write_story(const story& s) { return boost::json::serialize(boost::json::value_from(s)); }
story read_story(std::string_view text) { return read<story>(text, "story"); }
run_seen read_run(std::string_view text) { return read<run_seen>(text, "run"); }

std::vector<stop_record> records(const run_seen& run, time_point now) {
  const auto before = [now](double s) {
    return now - std::chrono::duration_cast<duration>(std::chrono::duration<double>(s));
  };
  std::vector<stop_record> out;
  for (const auto& s : run.stops)
    out.push_back({s.node, s.name, before(s.from), before(s.told), before(s.gone), s.killed, s.failure});
  return out;
}

}  // namespace ebb::lab
