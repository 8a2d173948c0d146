"""A set of hashes of what was found good, kept under build/: a second look at the same content costs nothing."""
import os


class cache:
    def __init__(self, root, name):
        self.path = root / "build" / "tidy" / name
        self.kept = set(self.path.read_text().split()) if self.path.is_file() else set()
        self.used = set()

    def __contains__(self, key):
        if key in self.kept:
            self.used.add(key)
        return key in self.kept

    def add(self, keys):
        self.kept.update(keys)

    def save(self):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        scratch = self.path.with_suffix(f".{os.getpid()}")
        scratch.write_text("\n".join(sorted(self.kept)) + "\n")
        scratch.replace(self.path)
