"""clang-format's verdict on every C++ file, asked in batches and remembered by content."""
import concurrent.futures
import hashlib
import re
import shutil
import subprocess

from .cache import cache

VERSION = "19"  # another version lays some code out otherwise
BATCH = 24


def clang_format():
    for name in (f"clang-format-{VERSION}", "clang-format"):
        path = shutil.which(name)
        if path and f"version {VERSION}." in subprocess.run([path, "--version"], capture_output=True, text=True).stdout:
            return path
    return None


def check(root, files):
    files = [f for f in files if f.is_cpp]
    tool = clang_format()
    if not files:
        return []
    if not tool:
        print(f"tidy: clang-format {VERSION} is not installed: the layout was not checked (tools/setup installs it)")
        return []
    style = (root / ".clang-format").read_bytes()
    known = cache(root, "format")
    todo = [(f, key) for f in files
            if (key := hashlib.sha256(style + f.text.encode()).hexdigest()) not in known]
    batches = [todo[i:i + BATCH] for i in range(0, len(todo), BATCH)]

    def run(batch):
        paths = [f.path for f, _ in batch]
        said = subprocess.run([tool, "--dry-run", *paths], cwd=root, capture_output=True, text=True).stderr
        return batch, {(m[1], int(m[2])) for m in re.finditer(r"^([^\s:]+):(\d+):\d+: (?:warning|error):", said, re.M)}

    found = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for batch, places in pool.map(run, batches):
            wrong = {}
            for path, line in places:
                wrong[path] = min(line, wrong.get(path, line))
            known.add(key for f, key in batch if f.path not in wrong)
            found += [f.found(wrong[f.path], "format", f"clang-format-{VERSION} lays this out otherwise", "make format")
                      for f, _ in batch if f.path in wrong]
    known.save()
    return found
