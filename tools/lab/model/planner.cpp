#include "tools/lab/model/planner.hpp"

#include <algorithm>

namespace ebb::lab {
namespace {

constexpr int fabric_port = 45678;

// k different nodes by chance (the first k of a shuffle).
void keep_some(std::vector<std::string>& nodes, std::size_t k, seeded random) {
  for (std::size_t i = 0; i < std::min(k, nodes.size()); ++i) {
    const auto left = static_cast<double>(nodes.size() - i);
    std::swap(nodes[i], nodes[i + static_cast<std::size_t>(random() * left)]);
  }
  if (nodes.size() > k) nodes.resize(k);
}

}  // namespace

std::vector<std::string> planner::choose(const query_shape& q, time_point now) const {
  std::vector<std::string> nodes;
  for (const auto& [name, n] : nodes_.all()) {
    const bool known = !n.believed_until || *n.believed_until > now;
    if (known && (q.engine.empty() || q.engine == n.tag) && !denied_.avoided(name, now)) nodes.push_back(name);
  }
  keep_some(nodes, static_cast<std::size_t>(std::max(q.fragments, 1)), seeded(q.seed));
  return nodes;
}

void planner::submit(const query_shape& q, time_point now) {
  if (queries_.size() >= record_limit || fragments_.size() >= record_limit) return;
  query_record record;
  record.id = queries_.size();
  record.planned = now;
  const auto nodes = choose(q, now);
  if (nodes.empty()) record.reason = "There are no executors available on your cluster.";
  queries_.push_back(std::move(record));
  ++counts_[static_cast<std::size_t>(outcome::running)];
  if (nodes.empty()) return end(queries_.back(), outcome::refused, now);

  seeded random(q.seed + 1);
  auto& pending = open_[queries_.back().id];
  for (int i = 0; i < std::max(q.fragments, 1); ++i) {
    fragment_record f;
    f.id = fragments_.size();
    f.query = queries_.back().id;
    f.node = nodes[static_cast<std::size_t>(i) % nodes.size()];
    f.from = now + q.plan_delay;
    f.until = time_point::max();
    f.lasts = i == 0 ? q.lasts : span{q.lasts / 2, q.lasts}.at(random());
    pending.push_back(f.id);
    starts_.emplace(f.from, f.id);
    fragments_.push_back(std::move(f));
  }
}

std::vector<planner::order> planner::due(time_point now) {
  auto orders = std::move(cancels_);
  cancels_.clear();
  while (!starts_.empty() && starts_.begin()->first <= now) {
    auto& f = fragments_[starts_.begin()->second];
    starts_.erase(starts_.begin());
    if (f.until != time_point::max()) continue;
    f.from = now;
    f.started = true;
    orders.push_back({order::kind::start, f.id, f.node, f.lasts});
  }
  return orders;
}

std::optional<time_point> planner::next_event() const {
  if (!cancels_.empty()) return time_point::min();
  return starts_.empty() ? std::nullopt : std::optional(starts_.begin()->first);
}

void planner::fragment_done(std::uint64_t fragment, time_point now) {
  if (fragment >= fragments_.size() || fragments_[fragment].until != time_point::max()) return;
  auto& f = fragments_[fragment];
  close(f, now);
  auto& pending = open_.at(f.query);
  std::erase(pending, f.id);
  if (!pending.empty()) return;
  open_.erase(f.query);
  end(queries_[f.query], outcome::finished, now);
}

void planner::node_gone(std::string_view node, time_point now) {
  std::vector<std::uint64_t> lost;
  for (const auto& [query, pending] : open_)
    if (std::any_of(pending.begin(), pending.end(), [&](auto f) { return fragments_[f].node == node; }))
      lost.push_back(query);
  for (auto query : lost) lose(query, std::string(node), now);
}

void planner::fragment_failed(std::uint64_t fragment, time_point now) {
  if (fragment >= fragments_.size() || fragments_[fragment].until != time_point::max()) return;
  lose(fragments_[fragment].query, fragments_[fragment].node, now);
}

void planner::lose(std::uint64_t query, const std::string& node, time_point now) {
  for (auto id : open_.at(query)) {
    auto& f = fragments_[id];
    if (f.started && f.node != node) cancels_.push_back({order::kind::cancel, id, f.node, duration{0}});
    close(f, now);
  }
  open_.erase(query);
  auto& q = queries_[query];
  q.node = node;
  q.reason = "ExecutionSetupException: One or more nodes lost connectivity during query.  Identified nodes were [" +
             node + ":" + std::to_string(fabric_port) + "].";
  end(q, outcome::lost, now);
}

void planner::close(fragment_record& f, time_point now) {
  f.until = now;
  if (!f.started) f.from = now;
}

void planner::end(query_record& q, outcome o, time_point now) {
  --counts_[static_cast<std::size_t>(q.end)];
  ++counts_[static_cast<std::size_t>(o)];
  q.end = o;
  q.ended = now;
}

int planner::pending_on(std::string_view node) const {
  int n = 0;
  for (const auto& [query, pending] : open_)
    n += static_cast<int>(
        std::count_if(pending.begin(), pending.end(), [&](auto f) { return fragments_[f].node == node; }));
  return n;
}

}  // namespace ebb::lab
