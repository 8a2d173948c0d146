#!/usr/bin/env python3
"""Every promise in tests/index.md names tests that exist and run.

  test_index.py            checks, as the test `tests_index`
  test_index.py --list     prints the names of all tests
  test_index.py --settle   takes the mark *pending* from rows whose tests are there by now

A row of the index is `| key | what must hold | tests |`; a test is named in backticks, as ctest names it, and a * in a
name stands for anything. A row marked *pending* names tests that are still to come: they are counted, not
checked. Names are read from the sources, so one build need not hold all tests; that every source is in a build, and no
Catch2 case hidden by its tag, is checked too.
"""
import ast
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
INDEX = ROOT / "tests" / "index.md"
PENDING = "*pending*"

CASE = re.compile(r'^(?:TEST_CASE|SCENARIO|TEST_CASE_METHOD\(\s*\w+\s*,|TEMPLATE_TEST_CASE)\s*\(?\s*'
                  r'((?:"(?:[^"\\]|\\.)*"\s*)+)(?:,\s*((?:"[^"]*"\s*)+))?', re.MULTILINE)
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
HIDDEN = re.compile(r"\[(\.[^\]]*|!mayfail|!shouldfail)\]")
SKIPPED_DECORATOR = re.compile(r"skip$|expectedFailure$")


def joined(literals):
    return re.sub(r"\\(.)", r"\1", "".join(LITERAL.findall(literals or "")))


def catch_cases():
    """Names of the Catch2 cases that run: each in a listed source (tools/tidy sees to that), none hidden by its tag."""
    for path in sorted((ROOT / "tests").rglob("*.cpp")):
        for case in CASE.finditer(path.read_text("utf-8")):
            if not HIDDEN.search(joined(case.group(2))):
                yield joined(case.group(1))


def python_tests():
    """FILE.NAME of each method of a Python file that a CMakeLists.txt registers with ebb_pytest."""
    for lists in sorted((ROOT / "tests").rglob("CMakeLists.txt")):
        for file in re.findall(r"^\s*ebb_pytest\(\s*([\w./-]+\.py)", lists.read_text("utf-8"), re.MULTILINE):
            path = lists.parent / file
            stem = path.stem.removeprefix("test_")
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not any(
                        SKIPPED_DECORATOR.search(ast.unparse(d)) for d in node.decorator_list):
                    yield f"{stem}.{node.name.removeprefix('test_')}"


def plain_tests():
    """Names of add_test; ${name} in one becomes *, since a function of CMake fills it in."""
    for lists in sorted((ROOT / "tests").rglob("CMakeLists.txt")):
        for name in re.findall(r"add_test\(NAME\s+(\S+)", lists.read_text("utf-8")):
            if "${" not in name:
                yield name
    for name in re.findall(r"^ebb_fuzz\((\w+)", (ROOT / "tests/fuzz/CMakeLists.txt").read_text("utf-8"), re.MULTILINE):
        yield f"fuzz_corpus_{name}"
        yield f"fuzz_{name}"


def all_tests():
    return sorted({*catch_cases(), *python_tests(), *plain_tests()})


def rows(text):
    """(line, key, sentence, names, pending) of each row of the index."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and not set(line) <= set("|-: ") and cells[0] != "key":
            yield number, cells[0], cells[1], re.findall(r"`([^`]+)`", cells[2]), PENDING in cells[2]


def exists(name, known):
    """A Python test may be named without its file: the names that the contracts give are such."""
    pattern = re.compile(".*".join(re.escape(part) for part in name.split("*")))
    return any(pattern.fullmatch(test) or pattern.fullmatch(test.partition(".")[2]) for test in known)


class tests_index(unittest.TestCase):
    def setUp(self):
        self.known = all_tests()
        self.rows = list(rows(INDEX.read_text("utf-8")))

    def test_every_named_test_exists_and_runs(self):
        for line, key, _, names, pending in self.rows:
            for name in names:
                with self.subTest(place=f"tests/index.md:{line}", key=key, name=name):
                    self.assertTrue(pending or exists(name, self.known), "no test of that name runs")

    def test_every_row_names_a_test(self):
        for line, key, _, names, _ in self.rows:
            with self.subTest(place=f"tests/index.md:{line}", key=key):
                self.assertTrue(names, "a promise without a test")

    def test_no_key_is_used_twice(self):
        keys = [key for _, key, *_ in self.rows]
        self.assertEqual([], sorted({key for key in keys if keys.count(key) > 1}))

    def test_every_promise_and_part_is_there(self):
        parts = {key.partition(".")[0] for _, key, *_ in self.rows}
        expected = {f"P{n}" for n in range(1, 11)} | {str(n) for n in range(1, 13)} | {f"lesson_{n:02}"
                                                                                    for n in range(1, 26)}
        self.assertEqual(set(), expected - parts)

    def test_what_is_pending_is_counted(self):
        pending = [key for _, key, *_, waiting in self.rows if waiting]
        print(f"tests_index: {len(self.rows)} promises, {len(self.known)} tests, {len(pending)} promises pending",
              file=sys.stderr)
        self.assertLess(len(pending), len(self.rows))


def settle():
    known = all_tests()
    lines = INDEX.read_text("utf-8").splitlines()
    for number, _, _, names, pending in rows("\n".join(lines)):
        if pending and all(exists(name, known) for name in names):
            lines[number - 1] = lines[number - 1].replace(PENDING + " ", "").replace(PENDING, "")
    INDEX.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        print("\n".join(all_tests()))
    elif sys.argv[1:] == ["--settle"]:
        settle()
    else:
        unittest.main()
