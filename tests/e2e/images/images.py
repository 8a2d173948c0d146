"""Ebb's images, made by deploy/image/build with buildah in a store of its own, from binaries that are there already."""
import contextlib
import fcntl
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import tarfile

from cluster import EBB, LAB, ROOT, Unavailable, kit, stand_in

BASE, EBB_IMAGE, DREMIO_IMAGE = "localhost/dremio:base", "localhost/ebb:built", "localhost/dremio:built"
ARM64 = ROOT / "build/arm64/ebb"
ELSEWHERE = ROOT / "build/e2e/images"  # each test is a process of its own: what one has made the next one takes
SOURCES = ("deploy/image", "deploy/helm/ebb/files/autoscale-handler.sh", "tests/e2e/images")


def fingerprint():
    """Of all that the images are made of."""
    sum_ = hashlib.sha256()
    for program in (EBB, LAB, ARM64):
        if os.path.exists(program):
            sum_.update(pathlib.Path(program).read_bytes())
    for place in SOURCES:
        for path in sorted(p for p in [ROOT / place, *(ROOT / place).rglob("*")] if p.is_symlink() or p.is_file()):
            sum_.update(str(path).encode() + (os.readlink(path).encode() if path.is_symlink() else path.read_bytes()))
    return sum_.hexdigest()[:16]


def run(*command, **more):
    ran = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True, capture_output=True,
                         check=False, **more)
    if ran.returncode != 0:
        raise AssertionError(f"{command}: {ran.returncode}\n{ran.stdout[-3000:]}{ran.stderr[-3000:]}")
    return ran.stdout.strip()


@contextlib.contextmanager
def store(folder):
    """The environment in which buildah keeps all in the folder, and needs neither network nor a container runtime."""
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n', "utf-8")
    policy = folder / "policy.json"
    policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}', "utf-8")
    try:
        yield {**os.environ, "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"), "BUILDAH_ISOLATION": "chroot",
               "TMPDIR": str(folder)}
    finally:
        shutil.rmtree(folder)


def binaries(folder):
    """As --binaries takes them: of this machine, and for arm64 where that is built."""
    platforms = []
    for architecture, program in (("amd64", EBB), ("arm64", ARM64)):
        if os.path.exists(program):
            place = folder / "dist/linux" / architecture
            place.mkdir(parents=True)
            shutil.copy(program, place / "ebb")
            platforms.append(f"linux/{architecture}")
    return folder / "dist", ",".join(platforms)


def make(into):
    work = into / "work"
    work.mkdir(parents=True)
    tree = work / "base"
    stand_in(tree)
    kit("image", "-o", into / "base.tar", "--user", "dremio", "--workdir", "/opt/dremio", BASE, tree, "--",
        "bin/dremio", "start-fg")
    with store(work) as environment:
        build = [ROOT / "deploy/image/build", "--binaries"]
        dist, platforms = binaries(work)
        more = ("--pull=never", "--signature-policy", work / "policy.json")
        base = run("buildah", "pull", "--quiet", "--signature-policy", work / "policy.json",
                   f"oci-archive:{into}/base.tar", env=environment).splitlines()[-1]
        run(*build, dist, EBB_IMAGE, *more, env=environment)
        run(*build, dist, "--dremio", base, DREMIO_IMAGE, *more, env=environment)
        for name, archive in ((EBB_IMAGE, "ebb.tar"), (DREMIO_IMAGE, "dremio.tar")):
            run("buildah", "push", "--quiet", "--signature-policy", work / "policy.json", name,
                f"oci-archive:{into}/{archive}:{name}", env=environment)
        run(*build, dist, "--platform", platforms, EBB_IMAGE + "-list", *more, env=environment)
        if "," in platforms:
            run("buildah", "manifest", "push", "--quiet", "--all", "--signature-policy", work / "policy.json",
                EBB_IMAGE + "-list", f"oci:{into}/list", env=environment)


def made():
    """The folder with ebb.tar, dremio.tar and base.tar, and the folder `list` where there is a binary for arm64."""
    if os.geteuid() != 0:
        raise Unavailable("images need root")
    if not shutil.which("buildah"):
        raise Unavailable("buildah is not installed: tools/setup --kubernetes")
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    with open(ELSEWHERE / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = ELSEWHERE / fingerprint()
        if not wanted.is_dir():
            for old in ELSEWHERE.iterdir():
                if old.is_dir():
                    shutil.rmtree(old)
            fresh = ELSEWHERE / "fresh"
            make(fresh)
            fresh.rename(wanted)
    return wanted


class Image:
    """One image of an archive or a folder in OCI's layout."""

    def __init__(self, place, architecture="amd64"):
        self.place = place
        index = json.loads(self.read("index.json"))
        self.manifests = index["manifests"]
        while True:
            manifest = json.loads(self.blob(self.of(architecture)["digest"]))
            if "manifests" not in manifest:
                break
            self.manifests = manifest["manifests"]
        self.layers = manifest["layers"]
        self.config = json.loads(self.blob(manifest["config"]["digest"]))

    def of(self, architecture):
        found = [m for m in self.manifests if m.get("platform", {}).get("architecture", architecture) == architecture]
        return found[0]

    def read(self, name):
        if self.place.is_dir():
            return (self.place / name).read_bytes()
        with tarfile.open(self.place) as archive:
            return archive.extractfile(name).read()

    def blob(self, digest):
        return self.read("blobs/" + digest.replace(":", "/"))

    def entries(self, first=0):
        """{path: (member, content)} of its layers from that one on."""
        found = {}
        for layer in self.layers[first:]:
            plain = gzip.decompress(self.blob(layer["digest"]))
            with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
                for member in archive:
                    file = archive.extractfile(member) if member.isreg() else None
                    found[member.name.strip("/")] = (member, file.read() if file else b"")
        return found
