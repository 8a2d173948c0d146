"""Each rule of tools/tidy catches what it is for, where it is for it, and lets the honest neighbour pass."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))

from checks import coroutines, format, headers, layers, names, shape, text  # noqa: E402
from checks.tree import source  # noqa: E402

RULES = (text.check, layers.check, names.check, shape.check, coroutines.check)


def rules_broken(path, content):
    file = source(ROOT, path, content if content.endswith("\n") else content + "\n")
    return {finding.rule for rule in RULES for finding in rule(file)}


def header(body):
    return "#pragma once\n" + body


LONG_BODY = "void f() {\n" + "  g();\n" * 100 + "}\n"

# rule, path, content that breaks it
BAD = (
    ("layer", "proto/dremio/login.cpp", '#include "agent/core/merge.hpp"'),
    ("layer", "proto/dremio/login.cpp", "#include <boost/asio/buffer.hpp>"),
    ("layer", "config/loader.cpp", '#include "agent/rt/files.hpp"'),
    ("layer", "agent/core/plan.cpp", '#include "agent/rt/clock.hpp"'),
    ("layer", "agent/core/plan.cpp", "#include <boost/beast/http.hpp>"),
    ("layer", "agent/init/loop.cpp", '#include "agent/rt/clock.hpp"'),
    ("layer", "agent/rt/within.cpp", '#include "agent/http/client.hpp"'),
    ("layer", "agent/rt/within.cpp", '#include "config/settings.hpp"'),
    ("layer", "agent/http/client.cpp", '#include "agent/keeper/keeper.hpp"'),
    ("layer", "agent/keeper/keeper.cpp", '#include "agent/os/clock.hpp"'),
    ("layer", "agent/drain/drain.cpp", '#include "agent/init/loop.hpp"'),
    ("layer", "agent/drain/drain.cpp", '#include "tools/lab/model/page.hpp"'),
    ("layer", "agent/os/clock.cpp", '#include "agent/drain/drain.hpp"'),
    ("include-root", "agent/keeper/keeper.cpp", '#include "keeper.hpp"'),
    ("include-cpp", "tests/unit/core/plan.cpp", '#include "agent/core/plan.cpp"'),
    ("pragma-once", "agent/core/plan.hpp", "struct plan {};"),
    ("file-name", "agent/core/Plan.cpp", ""),
    ("socket", "agent/http/client.cpp", "asio::ip::tcp::socket s;"),
    ("socket", "agent/drain/drain.cpp", "int fd = ::socket(AF_INET, SOCK_STREAM, 0);"),
    ("timer", "agent/drain/drain.cpp", "asio::steady_timer t(ex);"),
    ("clock", "agent/core/plan.cpp", "auto now = std::chrono::steady_clock::now();"),
    ("clock", "tests/unit/core/plan.cpp", "auto now = std::chrono::system_clock::now();"),
    ("entropy", "agent/keeper/keeper.cpp", "std::random_device d;"),
    ("environment", "config/loader.cpp", 'auto v = std::getenv("X");'),
    ("process", "agent/drain/drain.cpp", "if (fork() == 0) {}"),
    ("process", "agent/drain/drain.cpp", 'execvp("x", argv);'),
    ("thread", "agent/http/client.cpp", "std::thread t;"),
    ("thread", "agent/core/plan.cpp", "std::atomic<int> n;"),
    ("sleep", "tests/unit/rt/within.cpp", "std::this_thread::sleep_for(1s);"),
    ("sleep", "agent/drain/drain.cpp", "usleep(10);"),
    ("detached", "agent/rt/nursery.cpp", "co_spawn(ex, f(), asio::detached);"),
    ("co-spawn", "agent/drain/drain.cpp", "asio::co_spawn(ex, f(), g);"),
    ("newer-library", "agent/core/plan.cpp", 'auto s = std::format("{}", 1);'),
    ("newer-library", "agent/core/plan.cpp", "std::expected<int, int> e;"),
    ("number-parsing", "proto/dremio/login.cpp", "int n = std::stoi(s);"),
    ("number-parsing", "proto/dremio/login.cpp", "double d = strtod(s, &e);"),
    ("regex", "proto/dremio/login.cpp", "std::regex r;"),
    ("console", "agent/drain/drain.cpp", 'std::cerr << "x";'),
    ("using-std", "agent/core/plan.cpp", "using namespace std;"),
    ("function-size", "agent/core/plan.cpp", LONG_BODY),
    ("function-size", "agent/core/plan.cpp", "struct s {\n  s() : a_{1}, b_(2) {\n" + "    g();\n" * 100 + "  }\n};"),
    ("function-size", "agent/core/plan.cpp",
     "namespace a {\nauto f(int x = 3) -> std::map<int, int> {\n" + "  g({1, 2});\n" * 100 + "}\n}"),
    ("function-size", "agent/core/plan.cpp", "bool operator==(a, b) {\n" + "  g();\n" * 100 + "}"),
    ("function-size", "tests/integration/x.py", "def f():\n" + "    g()\n" * 100),
    ("file-size", "agent/core/plan.cpp", "int a;\n" * 401),
    ("line-length", "agent/core/plan.cpp", "// " + "x" * 120),
    ("blank-end", "agent/core/plan.cpp", "int a; "),
    ("marker", "agent/core/plan.cpp", "// TODO: later"),
    ("marker", "docs/architecture.md", "FIXME"),
    ("place", "tools/setup", "cd /work/main"),
    ("place", "README.md", "see /home/somebody/x"),
    ("place", "tests/integration/jvm/pom.xml", "<url>https://repo.maven.apache.org/maven2</url>"),
    ("place", "agent/core/plan.cpp", "// as issue 3 says"),
    ("capturing-coroutine", "agent/drain/drain.cpp", "auto f = [x]() -> task<> { co_await g(x); };"),
    ("capturing-coroutine", "agent/drain/drain.cpp", "run([&] { for (;;) { co_return; } });"),
    ("capturing-coroutine", "agent/drain/drain.cpp",
     "run([this](std::function<void()> f) mutable -> task<int> { co_return 1; });"),
    ("capturing-coroutine", "tests/sim/x.cpp",
     "run([&a, b = c(1)](auto d) { auto e = [] { return 1; }; co_await f(e); });"),
    ("await-in-catch", "agent/drain/drain.cpp", "try { f(); } catch (const std::exception& e) { co_await g(); }"),
)

# path, content that breaks nothing
GOOD = (
    ("proto/dremio/login.hpp", header('#include "proto/dremio/errors.hpp"\n#include <boost/json/value.hpp>')),
    ("agent/core/plan.cpp", '#include "agent/core/plan.hpp"\n#include "proto/init/records.hpp"'),
    ("agent/drain/drain.cpp", '#include "agent/keeper/keeper.hpp"\n#include "agent/http/client.hpp"'),
    ("agent/main.cpp", '#include "agent/os/clock.hpp"\n#include "agent/init/loop.hpp"'),
    ("agent/main.cpp", "int main() { asio::co_spawn(a, b, c); }"),
    ("tests/sim/x.cpp", '#include "agent/os/clock.hpp"\n#include "tools/lab/model/page.hpp"'),
    ("agent/os/clock.cpp", "auto now = std::chrono::steady_clock::now(); asio::steady_timer t(ex);"),
    ("agent/init/loop.cpp", "pid_t p = fork(); clock_gettime(CLOCK_MONOTONIC, &t);"),
    ("agent/drain/drain.cpp", "// std::thread, fork() and TCP are only mentioned here: getenv(1)"),
    ("agent/drain/drain.cpp", 'log("std::format( and getenv(x)"); auto s = R"(std::thread { )"; char c = \'{\';'),
    ("agent/drain/drain.cpp", "co_await clock.sleep_until(at); auto n = 1'000'000; auto m = 2'000;"),
    ("agent/drain/drain.cpp", "auto f = [x] { return g(x); }; co_await h(f);"),
    ("agent/drain/drain.cpp", "run([](int x) -> task<> { co_await g(x); });"),
    ("agent/drain/drain.cpp", "auto v = a[i]; if (b[0]) { co_await g(); }"),
    ("agent/drain/drain.cpp", "[[nodiscard]] task<> f() { co_await g(); }"),
    ("agent/drain/drain.cpp", "auto f = [x] { return [](int y) -> task<> { co_await g(y); }; };"),
    ("agent/drain/drain.cpp", "try { co_await f(); } catch (...) { failed = true; }"),
    ("agent/core/plan.cpp", "const std::map<int, int> table = {\n" + "  {1, 2},\n" * 150 + "};"),
    ("agent/core/plan.cpp", "class c {\n" + "  int f() { return 1; }\n" * 150 + "};"),
    ("agent/core/plan.cpp", "enum class e {\n" + "  a,\n" * 150 + "};"),
    ("tests/unit/core/plan.cpp", 'auto page = R"(' + "x" * 200 + ')";'),
    ("docs/architecture.md", "The session of ZooKeeper ends after 90 s."),
    ("tests/unit/core/plan.cpp", 'std::cout << "seed"; auto d = 3s;'),
)


class tidy(unittest.TestCase):
    def test_each_bad_snippet_is_caught(self):
        for rule, path, content in BAD:
            with self.subTest(rule=rule, path=path, content=content[:80]):
                self.assertIn(rule, rules_broken(path, content))

    def test_each_good_snippet_passes(self):
        for path, content in GOOD:
            with self.subTest(path=path, content=content[:80]):
                self.assertEqual(set(), rules_broken(path, content))

    def test_every_banned_name_has_a_bad_snippet(self):
        self.assertEqual(set(), {rule for rule, *_ in names.BANNED} - {rule for rule, *_ in BAD})

    def test_a_finding_names_the_line(self):
        file = source(ROOT, "agent/drain/drain.cpp", "int a;\n/* b\n*/ std::thread t;\n")
        self.assertEqual([3], [finding.line for finding in names.check(file)])

    def test_a_source_that_no_list_names_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "agent/core").mkdir(parents=True)
            (root / "agent/core/CMakeLists.txt").write_text("add_library(x a.cpp)\n")
            for name in ("a.cpp", "aa.cpp"):
                (root / "agent/core" / name).write_text("")
            files = [source(root, f"agent/core/{name}") for name in ("a.cpp", "aa.cpp")]
            self.assertEqual(["agent/core/aa.cpp"], [f.path for f in shape.unlisted(root, files)])

    def test_a_header_that_leans_on_another_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "good.hpp").write_text("#pragma once\n#include <string>\nstd::string f();\n")
            (root / "bad.hpp").write_text("#pragma once\nstd::string f();\n")
            found = headers.check(root, [source(root, name) for name in ("good.hpp", "bad.hpp")])
            self.assertEqual([("bad.hpp", 2)], [(f.path, f.line) for f in found])

    def test_layout_is_judged_by_the_style_of_the_tree(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / ".clang-format").write_text((ROOT / ".clang-format").read_text())
            (root / "good.cpp").write_text("int main() { return 0; }\n")
            (root / "bad.cpp").write_text("int a;\nint  main( ){return 0 ;}\n")
            found = format.check(root, [source(root, name) for name in ("good.cpp", "bad.cpp")])
            self.assertEqual([("bad.cpp", 2)], [(f.path, f.line) for f in found])

    def test_an_unknown_option_is_refused(self):
        said = subprocess.run([sys.executable, ROOT / "tools/tidy", "--unknown"], capture_output=True, text=True)
        self.assertEqual(2, said.returncode)
        self.assertIn("unknown option --unknown", said.stderr)


if __name__ == "__main__":
    unittest.main()
