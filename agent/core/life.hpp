#pragma once
// The life of a node as a value: what a restarted agent has to know, and who may change it.
#include <optional>
#include <string>

#include "agent/core/pod_word.hpp"
#include "agent/core/state.hpp"
#include "agent/core/time.hpp"

namespace ebb::core {

// A reason given by a person is cut here, at a character's end, so that the saved value always fits.
constexpr std::size_t reason_limit = 200;

struct life {
  state now = state::starting;
  enum phase phase = phase::none;
  cause_set causes;
  cause first_cause = cause::manual;  // of the present drain
  std::string reason;                 // of the cause that came last
  time_point since{};                 // of the present state
  time_point drain_began{};
  std::optional<time_point> first_irrevocable;  // cause that stops the executor; the deadline counts from here
  std::optional<duration> grace;                // what the deadline was planned with since then; it only shrinks
  bool grace_told = false;                      // by the API; until then it is provisional and may be replaced once
  pod_word pod;
  std::optional<time_point> hook_began;      // of the last one that was waited for: it uses the grace up
  std::optional<time_point> hook_ended;      // nothing: it may be waiting still
  std::optional<time_point> verified_since;  // of the deny entry, while draining
  std::optional<time_point> admitted_at;     // end of the first admission of this container
  std::optional<double> baseline;            // lowest open queries seen while serving at zero fragments
  bool list_read = false;                    // the deny list has been read in this life
  bool foreign_entry = false;                // somebody else's entry: left in place whatever we do
  bool hurried = false;                      // an operator, or a second SIGTERM outside Kubernetes, asked to stop now
  bool executor_signalled = false;
  std::uint32_t lost_updates = 0;  // counters that must not go back
  std::uint32_t writes = 0;
  std::uint32_t restarts = 0;

  bool draining() const { return now == state::draining; }
  bool ending() const { return now == state::stopping || now == state::stopped; }
  friend bool operator==(const life&, const life&) = default;
};

// Also fit for a line of text: well-formed UTF-8 (what is not becomes U+FFFD), blanks for control characters.
std::string cut_reason(std::string text);

// A cause joins. True when it was not there before.
bool join(life& l, cause c, std::string reason, time_point now);

// Whether `undrain` is possible, and if not, why not, for the person who asked. Empty: possible.
std::string undrain_refusal(const life& l);

// The same of `stop` in a sidecar, which can only let the executor's hook go: without one, and in a pod that stays,
// nothing would stop the executor, and the node would be left between its states.
std::string stop_refusal_beside(const life& l);

// A sentence on the present state for logs and people, e.g. "draining (quiescing) because of manual,sigterm".
std::string sentence(const life& l);

}  // namespace ebb::core
