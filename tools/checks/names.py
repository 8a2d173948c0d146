"""Names that belong to one folder, or nowhere: what reaches the world goes through a seam, so that tests own it."""
import re

from .tree import under

OS = ("agent/os",)
INIT = ("agent/init",)
REAL = ("tests/integration", "tests/unit/os", "tests/bench", "tests/fuzz")  # tests that meet the real world by design
LAB = ("tools/lab",)  # a program of its own, that plays the others
MAIN = ("agent/main.cpp", "agent/real_agent.cpp", "agent/real_commands.cpp")

# (rule, pattern, folders where it is right, mend)
BANNED = (
    ("socket", r"\bip::(tcp|udp)::(socket|acceptor|resolver)\b|::(socket|socketpair|getaddrinfo|gethostbyname)\s*\(",
     OS + INIT + REAL + LAB, "use the network seam, agent/rt/network.hpp"),
    ("timer", r"\b(steady_timer|system_timer|high_resolution_timer|deadline_timer)\b",
     OS + REAL, "use the clock seam, agent/rt/clock.hpp"),
    ("clock", r"\b(system|steady|high_resolution)_clock::now\b|\b(clock_gettime|gettimeofday|std::time)\s*\(",
     OS + INIT + REAL, "use the clock seam, agent/rt/clock.hpp, or take the time as an argument"),
    ("entropy", r"\brandom_device\b|\bs?rand\s*\(|\bgetrandom\s*\(|\bRAND_bytes\b",
     OS, "use the random seam, agent/rt/random.hpp"),
    ("environment", r"\b(secure_)?getenv\s*\(|\b(un)?setenv\s*\(|\bputenv\s*\(|\benviron\b",
     OS + INIT + REAL + LAB + MAIN + ("tests/support",), "take the environment as an argument"),
    ("process", r"(?<![\w.>])v?fork\s*\(\s*\)|\bposix_spawnp?\s*\(|(?<!\w)exec[lv][pe]*\s*\(|\bpopen\s*\("
     r"|\b(std)?::system\s*\(|\bboost::process\b",
     OS + INIT + REAL, "only init has children"),
    ("thread", r"\bstd::(jthread|thread|async|mutex|shared_mutex|condition_variable|atomic)\b|\bpthread_\w+\s*\(",
     REAL, "there is one thread: write a coroutine"),
    ("sleep", r"\bsleep_(for|until)\s*\(\s*std::|\bthis_thread::|\b(nano|u)?sleep\s*\(",
     OS + INIT + REAL, "wait on the clock seam inside `within`"),
    ("detached", r"\bdetached\b|\buse_future\b", (), "give the child to a nursery: a detached exception is lost"),
    ("co-spawn", r"\bco_spawn\s*\(", ("agent/rt", "agent/os", "tests") + LAB + MAIN,
     "give the child to a nursery"),
    ("newer-library", r"\bstd::(format|print|println|expected)\b|<(format|print|expected)>", (),
     "libstdc++ 12 has not got it: concatenate, or use boost::system::result"),
    ("number-parsing", r"\bstd::sto(i|l|ll|ul|ull|f|d|ld)\b|\b(ato[fil]|atoll|strto(d|f|l|ll|ul|ull))\s*\(", (),
     "use std::from_chars: it knows no locale, and says where it stopped"),
    ("regex", r"\bstd::(basic_)?regex\b", (), "write the loop: std::regex recurses on its input"),
    ("console", r"\bstd::(cout|cerr|clog)\b|(?<![\w:])f?printf\s*\(|\bputs\s*\(",
     OS + INIT + REAL + MAIN + ("agent/cli", "tests", "tools"),
     "log an event; a blocked terminal must not stop the loop"),
    ("using-std", r"\busing\s+namespace\s+(std|boost)\s*;", (), "name what is used"),
)
COMPILED = tuple((rule, re.compile(pattern), right, mend) for rule, pattern, right, mend in BANNED)

# (path, rule): why the rule does not hold there. Every further line needs a reason as good.
EXCEPTIONS = {
    ("agent/rt/clock.hpp", "sleep"): "declares the seam's own sleep_until",
    ("tests/unit/proto/prometheus/exposition_writer.cpp", "process"): "asks promtool what it thinks of our page",
    ("agent/rt/asio.cpp", "timer"): "compiles Asio's timers",
    ("tools/lab/door.hpp", "socket"): "a port with a backlog of 1, whose connections can be reset",
    ("tools/lab/door.cpp", "socket"): "the same",
    ("tools/lab/demo/children.cpp", "process"): "the demonstration is no agent: it starts executors as a kubelet does",
}


def check(source):
    if not source.is_cpp or under(source.path, "tools/cmake"):
        return []
    found = []
    for rule, pattern, right, mend in COMPILED:
        if under(source.path, *right) or (source.path, rule) in EXCEPTIONS:
            continue
        for match in pattern.finditer(source.code):
            found.append(source.found(source.line(match.start()), rule, f"'{match.group(0).strip()}' has no place here",
                                      mend))
    return found
