"""Rules for every text file: size, line length, unfinished work, places and people that mean nothing to a reader."""
import re

from .tree import under

LONGEST_LINE = 120
LONGEST_FILE = 400

MARKERS = re.compile(r"\b(TODO|FIXME|HACK|WIP)\b")
PLACES = (
    (re.compile(r"(?<![\w.])/(work|root|Users)/\w|/home/(?!dremio)\w"), "a path of somebody's machine",
     "say it relative to the root of the tree"),
    (re.compile(r"\b(deb\.debian\.org|archive\.ubuntu\.com|pypi\.org|repo1?\.maven\.(org|apache\.org))\b"),
     "the host of a package registry", "leave the choice to the machine's own configuration"),
    (re.compile(r"\b(work ?trees?|(this|previous|next|another|my|our) session|(as|see) (the )?issue #?\d+)\b", re.I),
     "a word about how this was made", "say what the program does, not how it came to be"),
)

# path → rules that do not hold there, with the reason.
EXEMPT = {
    "tools/checks": ("marker", "place"),  # the patterns themselves
    "tests/unit/tidy": ("marker", "place"),  # what they must catch
    "tests/e2e/charts/golden": ("layout",),  # what helm makes of the charts, as it is
}


def exempt(path, rule):
    return any(under(path, folder) and rule in rules for folder, rules in EXEMPT.items())


def check(source):
    found = []
    ours = not exempt(source.path, "layout")
    code_like = ours and not source.path.endswith((".md", ".json", ".xml"))
    if code_like and len(source.lines) > LONGEST_FILE:
        found.append(source.found(LONGEST_FILE + 1, "file-size", f"{len(source.lines)} lines, at most {LONGEST_FILE}",
                                  "split it by concept"))
    for number, line in enumerate(source.lines, 1):
        if code_like and len(line) > LONGEST_LINE and number not in source.raw_lines:
            found.append(source.found(number, "line-length", f"{len(line)} columns, at most {LONGEST_LINE}",
                                      "break it"))
        if line.endswith((" ", "\t", "\r")) and not source.path.endswith(".md") and ours:
            found.append(source.found(number, "blank-end", "white space ends the line", "remove it"))
        marker = MARKERS.search(line)
        if marker and not exempt(source.path, "marker"):
            found.append(source.found(number, "marker", f"'{marker.group(0)}' marks unfinished work",
                                      "finish it, or say in the documents what is left out"))
        for pattern, what, mend in PLACES:
            match = pattern.search(line)
            if match and not exempt(source.path, "place"):
                found.append(source.found(number, "place", f"'{match.group(0)}' is {what}", mend))
    if source.text and not source.text.endswith("\n"):
        found.append(source.found(len(source.lines), "last-line", "the file does not end with a newline", "add one"))
    return found
