"""What the rules look at: the files of the tree, and C++ text with comments and literals blanked out."""
import dataclasses
import functools
import os
import pathlib
import re
import subprocess

CPP = (".cpp", ".hpp")
TEXT = CPP + (".py", ".sh", ".cmake", ".txt", ".md", ".json", ".toml", ".yaml", ".yml", ".java", ".xml", ".service", "")
SKIPPED = re.compile(r"^build/|^tests/(.*/)?(data|corpus)/")  # what others wrote, or machines did

# Comments, raw strings, strings and characters, in the order in which C++ would see them. A quote between digits is a
# separator.
LITERAL = re.compile(
    r"""//(?:[^\n\\]|\\.|\\\n)*|/\*.*?\*/|R"([^\s()\\]{0,16})\(.*?\)\1["]"""
    r"""|"(?:[^"\\\n]|\\.)*"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'""",
    re.DOTALL)
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


@dataclasses.dataclass(frozen=True, order=True)
class finding:
    path: str
    line: int
    rule: str
    what: str
    mend: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.what}: {self.mend}"


class source:
    """One file. `code` has the length and the lines of `text`, without comments, literals and preprocessor lines."""

    def __init__(self, root, path, content=None):
        self.path = path
        self.text = content if content is not None else (root / path).read_text("utf-8", "replace")

    @property
    def is_cpp(self):
        return self.path.endswith(CPP)

    @functools.cached_property
    def lines(self):
        return self.text.splitlines()

    @functools.cached_property
    def code(self):
        return PREPROCESSOR.sub(blank, LITERAL.sub(blank, self.text))

    @functools.cached_property
    def includes(self):
        """(line, '<' or '"', what) of each include."""
        bare = re.sub(r"//[^\n]*|/\*.*?\*/", blank, self.text, flags=re.DOTALL)
        return [(self.line(m.start()), m.group(1), m.group(2)) for m in INCLUDE.finditer(bare)]

    @functools.cached_property
    def raw_lines(self):
        """Numbers of the lines that hold a part of a raw string: recorded text, which cannot be broken."""
        return {line for m in LITERAL.finditer(self.text) if m.group(0).startswith("R")
                for line in range(self.line(m.start()), self.line(m.end()) + 1)} if self.is_cpp else set()

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def found(self, line, rule, what, mend):
        return finding(self.path, line, rule, what, mend)


def under(path, *folders):
    return any(path == f or path.startswith(f.rstrip("/") + "/") for f in folders)


def listed(root):
    """What git tracks or would; in an exported tree without git, all files."""
    git = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True)
    if git.returncode == 0:
        return git.stdout.splitlines()
    return [os.path.relpath(os.path.join(folder, name), root)
            for folder, _, names in os.walk(root) for name in names if ".git/" not in folder + "/"]


def tracked_files(root, chosen=()):
    """Relative paths of the text files to look at, all of them or those below `chosen`."""
    wanted = [os.path.relpath(pathlib.Path(c).resolve(), root) for c in chosen]
    return sorted(p for p in set(listed(root))
                  if pathlib.Path(p).suffix in TEXT and not SKIPPED.match(p) and (root / p).is_file()
                  and (not wanted or any(w == "." or under(p, w) for w in wanted)))
