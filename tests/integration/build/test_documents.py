"""What the README and docs/ name is there: files, commands and their flags, keys, variables, metrics, checks."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
NO_KEYS = {"EBB_CONFIG", "EBB_JAVA", "EBB_JAVA_ROLE", "EBB_SECTION_KEY"}  # the last stands for all that are keys


def text_of(path):
    return (ROOT / path).read_text("utf-8")


def keys():
    """section.key of every key that config/ebb.toml shows, commented out or not."""
    found, section = set(), ""
    for line in text_of("config/ebb.toml").splitlines():
        if header := re.match(r"\[([a-z]+)\]", line):
            section = header[1]
        elif key := re.match(r"#?\s?([a-z_]+) = ", line):
            found.add(f"{section}.{key[1]}")
    return found


def variables():
    """Those of the keys, and those that the tree's own scripts and tests read."""
    read = set()
    for path in [ROOT / "Makefile", ROOT / "tools/suite", *(ROOT / "tests").rglob("*.py"),
                 *(ROOT / "tests/support").rglob("*.cpp")]:
        if path != pathlib.Path(__file__).resolve():
            read |= set(re.findall(r"\bEBB_[A-Z_]+\b", path.read_text("utf-8")))
    return {"EBB_" + key.replace(".", "_").upper() for key in keys()} | NO_KEYS | read


def commands():
    """The flags of each command that `ebb --help` lists."""
    source = text_of("agent/cli/commands.cpp")
    sets = {name: set(re.findall(r'"(--?[a-z-]+)"', body))
            for name, body in re.findall(r"constexpr (?:flag|std::array) (\w+)\s*(\{.*?\n?\});", source, re.S)}
    found = {}
    for entry in re.findall(r"command_entry\{(.*?)\}[,)]?\n", source, re.S):
        flags = {"--help"}
        for name in re.findall(r"\.flags = (\w+)", entry):
            flags |= sets[name] | (sets["json"] if re.search(rf"{name}\{{[^;]*\bjson\b", source) else set())
        if ".reads_configuration = true" in entry:
            flags |= sets["configuration"]
        if ".hidden = true" not in entry:
            found[re.search(r'\.name = "([a-z]+)"', entry)[1]] = flags
    return found


def checks():
    """Names of what `ebb check` tries."""
    return {name for path in (ROOT / "agent/cli").glob("*.cpp")
            for name in re.findall(r'(?:good|warning|failure|tell_port)\(\s*"([a-z.]+)"', path.read_text("utf-8"))}


class documents(unittest.TestCase):
    def each(self):
        """(text, what stands in code spans and blocks, path) of each document."""
        for path in DOCUMENTS:
            text = path.read_text("utf-8")
            yield text, "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S)), path

    def assert_known(self, path, named, known):
        self.assertEqual([], sorted(set(named) - set(known)), f"named in {path.name} and not there")

    def test_documents_link_to_files_that_exist(self):
        for text, code, path in self.each():
            links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
            named = re.findall(r"`((?:agent|config|deploy|docs|proto|tests|tools)/[\w./-]*)`", code)
            missing = [file for file in links if not (path.parent / file).exists()]
            missing += [file for file in named if not (ROOT / file).exists()]
            self.assertEqual([], missing, f"named in {path.name} and not there")

    def test_documents_name_what_exists(self):
        sections = {key.partition(".")[0] for key in keys()}
        verbs = re.findall(r"^([a-z0-9-]+):", text_of("Makefile"), re.M)
        metrics = re.findall(r'"(ebb_[a-z_]+)"', text_of("agent/probes/metrics_page.cpp"))
        for text, code, path in self.each():
            dotted = {f"{s}.{k}" for s, k in re.findall(r"`([a-z]+)\.([a-z_]+)`", text) if s in sections}
            self.assert_known(path, dotted, keys() | checks())
            self.assert_known(path, re.findall(r"\bEBB_[A-Z_]+\b", text), variables())
            self.assert_known(path, re.findall(r"\bmake ([a-z0-9-]+)", code), verbs)
            self.assert_known(path, re.findall(r"\bebb_[a-z_]+\b", code), metrics)

    def test_documents_name_commands_and_flags_that_help_knows(self):
        known = commands()
        self.assertLessEqual({"--wait", "--config"}, known["drain"])
        self.assertIn("--json", known["status"])
        for _, code, path in self.each():
            code = code.replace("helm install ebb ", "")
            for command, flags in re.findall(r"(?:^|[\s`])ebb ([a-z]+)((?: (?!-- )-{1,2}[a-z]+)*)", code):
                if command != "agent":  # hidden: the process that init starts
                    self.assert_known(path, [command], known)
                    self.assert_known(path, flags.split(), known[command])


if __name__ == "__main__":
    unittest.main()
