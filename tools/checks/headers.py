"""Every header compiles alone, warning-free: it includes what it uses, and no precompiled header hides that."""
import concurrent.futures
import functools
import hashlib
import os
import re
import shutil
import subprocess

from .cache import cache

FLAGS = ("-std=c++20", "-fsyntax-only", "-x", "c++", "-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion",
         "-Werror", "-DBOOST_ASIO_SEPARATE_COMPILATION",
         "-DBOOST_BEAST_SEPARATE_COMPILATION", "-DBOOST_ASIO_NO_DEPRECATED",
         "-I.", "-isystem", "build/deps/include")


def compiler():
    versions = ("-19", "-22", "-21", "-20", "-18", "-17", "-16", "")  # as tools/cmake/toolchain.cmake looks
    for name in (os.environ.get("CXX", ""), *(f"clang++{version}" for version in versions)):
        if name and shutil.which(name):
            return name
    return None


def check(root, files):
    headers = [f for f in files if f.path.endswith(".hpp") and not f.path.startswith("tools/cmake/")]
    tool = compiler()
    if not tool:
        raise SystemExit("tidy: no clang++ to compile headers with: run tools/setup")

    @functools.cache
    def content(path):
        file = root / path
        return file.read_bytes() if file.is_file() else b""

    def closure(path):
        """The header with all of ours that it includes: when none of them changed, the verdict has not either."""
        seen, todo = [], [path]
        while todo:
            path = todo.pop()
            if path not in seen:
                seen.append(path)
                todo += re.findall(r'^\s*#\s*include\s*"([^"]+)"', content(path).decode("utf-8", "replace"), re.M)
        return sorted(seen)

    def key(header):
        parts = [tool, *FLAGS, *(f"{p}\0{hashlib.sha256(content(p)).hexdigest()}" for p in closure(header.path))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    known = cache(root, "headers")
    todo = [(header, k) for header in headers if (k := key(header)) not in known]

    def run(item):
        said = subprocess.run([tool, *FLAGS, "-"], input=f'#include "{item[0].path}"\n', cwd=root, capture_output=True,
                              text=True)
        return item, said.returncode, said.stderr

    found = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for (header, k), code, said in pool.map(run, todo):
            if code == 0:
                known.add([k])
                continue
            first = re.search(r"^(\S+?):(\d+):\d+: (?:fatal )?error: (.*)$", said, re.M)
            line = int(first[2]) if first and first[1].removeprefix("./") == header.path else 1
            found.append(header.found(line, "self-sufficient", first[3] if first else said.strip()[:200],
                                      "include what the header uses"))
    known.save()
    print(f"tidy: {len(headers)} headers, {len(todo)} compiled")
    return found
