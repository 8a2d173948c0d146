#pragma once
// Everything below this process, found by the parents that /proc tells, wherever it has gone with setsid.

namespace ebb::init {

// As PID 1: to all processes of the namespace but this one, in one call. Otherwise to the descendants that are there
// now; what ends or begins in between is caught by the next call. Where /proc cannot be read nobody is signalled.
void signal_descendants(int signo);

}  // namespace ebb::init
