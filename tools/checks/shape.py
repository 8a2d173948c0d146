"""The size of functions, and sources that no CMakeLists.txt names."""
import ast
import pathlib
import re

from .tree import under

LONGEST_FUNCTION = 90
AIM_FUNCTION = 60
AIM_FILE = 250

TYPE = re.compile(r"\b(class|struct|union|enum)\b")
SCOPE = re.compile(r"^\s*(inline\s+)?(namespace\b|extern\b)")
INITIALISER = re.compile(r"\)\s*(noexcept\s*(\([^()]*\))?\s*)?:(?!:)")


def closing(code, opening):
    """The offset of the brace that closes the one at `opening`, or the end."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.start()
    return len(code)


def kind_of(head):
    """What an opening brace opens, told from the text between the last statement and it."""
    if SCOPE.match(head):
        return "scope"
    outside = re.sub(r"\([^()]*\)", "()", re.sub(r"\([^()]*\)", "", head))
    outside = re.sub(r"operator\s*[=!<>+\-*/&|\[\]()]+", "operator", outside)
    if TYPE.search(outside) and not outside.rstrip().endswith(")"):
        return "scope"
    if "(" in head and "=" not in outside:
        return "function"
    return "value"


def functions(code):
    """(start, end) offsets of each function body at namespace or class scope; what is inside one is part of it."""
    at, head = 0, 0
    while True:
        match = re.compile(r"[{};]").search(code, at)
        if not match:
            return
        at = match.end()
        if match.group(0) != "{":
            head = at
            continue
        text = code[head:match.start()]
        if INITIALISER.search(text) and re.search(r"[\w>]\s*$", text) and not re.search(r"\b(try)\s*$", text):
            at = closing(code, match.start()) + 1  # member{value} in a constructor's list: the body is still to come
            continue
        kind = kind_of(text)
        if kind == "scope":
            head = at
            continue
        end = closing(code, match.start())
        if kind == "function":
            yield head + len(text) - len(text.lstrip()), end
            head = end + 1
        at = end + 1


def sized_functions(source):
    """(first line, lines) of each function of a C++ or Python file."""
    if source.is_cpp:
        for start, end in functions(source.code):
            first = source.line(start)
            yield first, source.line(end) - first + 1
    elif source.path.endswith(".py") or source.text.startswith("#!/usr/bin/env python3"):
        for node in ast.walk(ast.parse(source.text)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.lineno, node.end_lineno - node.lineno + 1


def check(source):
    return [source.found(line, "function-size", f"{size} lines, at most {LONGEST_FUNCTION}", "give its steps names")
            for line, size in sized_functions(source) if size > LONGEST_FUNCTION]


def aims(source):
    if (source.is_cpp or source.path.endswith(".py")) and len(source.lines) > AIM_FILE:
        yield f"{source.path}:1: aim: {len(source.lines)} lines, {AIM_FILE} are aimed at"
    for line, size in sized_functions(source):
        if size > AIM_FUNCTION:
            yield f"{source.path}:{line}: aim: a function of {size} lines, {AIM_FUNCTION} are aimed at"


def unlisted(root, files):
    """Sources are listed by hand, so one can be forgotten: then its tests never run."""
    lists = {}

    def named(folder, name):
        while True:
            path = root / folder / "CMakeLists.txt"
            if path not in lists:
                lists[path] = path.read_text("utf-8") if path.is_file() else ""
            if re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", lists[path]):
                return True
            if folder == pathlib.PurePath("."):
                return False
            folder, name = folder.parent, f"{folder.name}/{name}"

    def shared(path):
        """A support file is listed by the test that needs it, as ../../support/name.cpp."""
        return any(f"/{path.parent.name}/{path.name}" in content for content in every_list)

    every_list = [p.read_text("utf-8") for p in root.glob("tests/**/CMakeLists.txt")]

    found = []
    for source in files:
        path = pathlib.PurePath(source.path)
        if path.suffix == ".cpp" and under(source.path, "agent", "proto", "config", "tests", "tools") and not (
                named(path.parent, path.name) or shared(path)):
            found.append(source.found(1, "unlisted", "no CMakeLists.txt lists this source", "list it, or remove it"))
    return found
