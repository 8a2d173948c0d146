"""Who may include whom: dependencies point one way, from decisions to the world."""
import pathlib
import re

from .tree import under

# Folder → the project folders it may include besides itself. The first match counts, and a folder of agent/ that is
# not named is a duty. Asio is forbidden where rt/ is.
LAYERS = (
    ("proto", ()),
    ("config", ()),
    ("agent/core", ("proto", "config")),
    ("agent/init", ("proto", "config", "agent/core")),
    ("agent/rt", ("proto", "agent/core")),
    ("agent/http", ("proto", "agent/core", "agent/rt")),
    ("agent/os", ("proto", "config", "agent/core", "agent/rt", "agent/http")),
    ("agent/main.cpp", ("proto", "config", "agent")),
    ("agent/real_agent.cpp", ("proto", "config", "agent")),  # main's half that puts the agent together
    ("agent/real_commands.cpp", ("proto", "config", "agent")),  # and the one for the commands that talk
    ("agent", ("proto", "config", "agent")),  # a duty; agent/os and agent/init are taken out below
    ("tools/lab", ("proto", "config", "agent", "tests/support")),
    ("tests", ("proto", "config", "agent", "tools/lab")),
)
WITHOUT_ASIO = ("proto", "config", "agent/core", "agent/init")
ONLY_MAIN = ("agent/os", "agent/init")  # included by main.cpp, tools and tests, not by duties
PROJECT = ("agent", "proto", "config", "tests", "tools")


def layer(path):
    return next(((folder, allowed) for folder, allowed in LAYERS if under(path, folder)), None)


def is_duty(path):
    return layer(path) is not None and layer(path)[0] == "agent"


def allowed(path, included):
    folder, others = layer(path)
    if is_duty(path):
        return under(included, *others) and not under(included, *ONLY_MAIN)
    return under(included, folder, *others)


def check(source):
    if not source.is_cpp or layer(source.path) is None:
        return []
    found = []
    for line, kind, what in source.includes:
        if kind == '"' and not under(what, *PROJECT):
            found.append(source.found(line, "include-root", f'"{what}" is not named from the root of the tree',
                                      "write the path from the root, or <…> for what is not ours"))
        elif kind == '"' and not allowed(source.path, what):
            folder = layer(source.path)[0] if not is_duty(source.path) else "a duty"
            found.append(source.found(line, "layer", f"{folder} may not include {what}",
                                      "turn the dependency round: pass a value or a seam in"))
        if under(source.path, *WITHOUT_ASIO) and what.startswith(("boost/asio", "boost/beast")):
            found.append(source.found(line, "layer", f"{layer(source.path)[0]} does without Asio, and here is {what}",
                                      "move what waits into rt/ or a duty"))
        if what.endswith(".cpp"):
            found.append(source.found(line, "include-cpp", f"{what} is a source", "list it in CMakeLists.txt"))
    if source.path.endswith(".hpp") and not re.match(r"(\s*//[^\n]*\n)*#pragma once\n", source.text):
        found.append(source.found(1, "pragma-once", "a header begins with '#pragma once'", "put it before all else"))
    name = pathlib.Path(source.path).stem
    if name != name.lower() or "-" in name:
        found.append(source.found(1, "file-name", f"'{name}' is not in snake_case", "rename it"))
    return found
