"""Ebb's two images: what is in them, and what they do in pods of a real node."""
import json
import shutil
import stat
import subprocess
import unittest

import images
from cluster import EBB, Unavailable, kit
from images import ARM64, BASE, DREMIO_IMAGE, EBB_IMAGE, Image
from scene import Scene
from support.processes import ProcessTest, wait_until

LARGEST = 6 * 1024 * 1024  # of what an image brings, compressed
TERMINATED = 143  # of the stand-in for the JVM, and of the JVM
EXECUTOR = "-Dservices.coordinator.enabled=false -Dservices.executor.enabled=true"
COORDINATOR = "-Dservices.coordinator.enabled=true -Dservices.executor.enabled=false"
GUIDE = {hook: {"exec": {"command": ["bash", "/opt/dremio/bin/autoscale-handler.sh", "-a", action]}}
         for hook, action in (("postStart", "remove"), ("preStop", "add"))}
LOCKED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def made(test):
    try:
        return images.made()
    except Unavailable as reason:
        print(f"skipped: {reason}")
        return test.skipTest(str(reason))


class Contents(ProcessTest):
    def setUp(self):
        super().setUp()
        self.folder_of_images = made(self)

    def image(self, name, **more):
        return Image(self.folder_of_images / name, **more)

    def test_ebbs_image_holds_one_file_and_runs_it_as_nobody_special(self):
        ebb = self.image("ebb.tar")
        with open(EBB, "rb") as file:
            self.assertEqual({"ebb": file.read()}, {path: content for path, (_, content) in ebb.entries().items()})
        config = ebb.config["config"]
        self.assertEqual(("999:999", ["/ebb"], ["--help"]), (config["User"], config["Entrypoint"], config["Cmd"]))
        size = sum(layer["size"] for layer in ebb.layers)
        print(f"ebb's image: {size} bytes compressed")
        self.assertLess(size, LARGEST)

    def test_dremios_image_gets_one_binary_and_keeps_the_rest(self):
        before, after = self.image("base.tar"), self.image("dremio.tar")
        old, added = before.entries(), after.entries(len(before.layers))
        self.assertEqual(before.config["rootfs"]["diff_ids"], after.config["rootfs"]["diff_ids"][:len(before.layers)])
        names = {path for path, (member, _) in added.items() if not member.isdir()}
        self.assertEqual({"opt/dremio/bin/" + name for name in ("dremio", "dremio.orig", "autoscale-handler.sh")} |
                         {"opt/ebb/ebb", "opt/ebb/java", "usr/local/bin/ebb"}, names)
        self.assertEqual(old["opt/dremio/bin/dremio"][1], added["opt/dremio/bin/dremio.orig"][1])
        for path in names - {"opt/ebb/java", "usr/local/bin/ebb"}:
            self.assertEqual(0o755, stat.S_IMODE(added[path][0].mode), path)
        for key in ("User", "Entrypoint", "WorkingDir", "Env"):
            self.assertEqual(before.config["config"].get(key), after.config["config"].get(key), key)
        for path, (member, _) in added.items():
            if member.isdir() and path in old:
                self.assertEqual((stat.S_IMODE(old[path][0].mode), old[path][0].uid),
                                 (stat.S_IMODE(member.mode), member.uid), path)
        size = sum(layer["size"] for layer in after.layers[len(before.layers):])
        print(f"what dremio's image gets: {size} bytes compressed")
        self.assertLess(size, LARGEST)

    def test_one_name_serves_both_architectures(self):
        if not ARM64.exists():
            print("skipped: no binary for arm64: make release-arm64")
            self.skipTest("no binary for arm64")
        both = Image(self.folder_of_images / "list")
        self.assertEqual({("linux", "amd64"), ("linux", "arm64")},
                         {(m["platform"]["os"], m["platform"]["architecture"]) for m in both.manifests})
        arm64 = Image(self.folder_of_images / "list", architecture="arm64")
        self.assertEqual("arm64", arm64.config["architecture"])
        _, content = arm64.entries()["ebb"]
        self.assertEqual(ARM64.read_bytes(), content)

    def test_an_image_with_ebb_is_not_wrapped_again(self):
        # As bin/dremio.orig the wrapper would call itself for ever.
        wrapper = self.path("dremio.orig")
        shutil.copy(images.ROOT / "deploy/image/dremio", wrapper)
        ran = subprocess.run([wrapper, "status"], text=True, capture_output=True, check=False, timeout=5)
        self.assertEqual(1, ran.returncode)
        self.assertIn("Dremio's own", ran.stderr)


class Pods(Scene):
    def setUp(self):
        super().setUp()
        folder = made(self)
        for archive in ("base.tar", "ebb.tar", "dremio.tar"):
            kit("node", "load", self.cluster.nodes["node-1"].folder, folder / archive)

    def pod(self, name, containers, **more):
        """Of containers that are told as {name: fields}; it is not started again."""
        spec = {"restartPolicy": "Never", "automountServiceAccountToken": False, "terminationGracePeriodSeconds": 20,
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [self.container(name, fields) for name, fields in containers.items()], **more}
        self.kubectl("apply", "-n", self.namespace, "-f", "-", input=json.dumps(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"app": name}}, "spec": spec}))

    def container(self, name, fields):
        return {"name": name, "imagePullPolicy": "Never", "securityContext": LOCKED, **fields}

    def ended(self, pod, containers):
        """{container: exit code} when so many have ended."""
        def codes():
            found = {exit.container: exit.code for exit in self.exits() if exit.pod == pod}
            return found if len(found) >= containers else None

        return wait_until(codes, lambda: f"{containers} ends: {self.exits()} {self.watch.latest().get(pod)}", 40, 0.05)

    def said(self, pod, text):
        """The pod's lines, with that text among them: a log may be seen later than the end of its container."""
        wait_until(lambda: any(text in line for line in self.logs.of(pod)), lambda: self.logs.of(pod), 10, 0.05)
        return self.logs.of(pod)

    def test_ebbs_image_installs_itself_from_an_init_container(self):
        volume = {"volumeMounts": [{"name": "ebb", "mountPath": "/opt/ebb"}]}
        install = self.container("install", {"image": EBB_IMAGE, "args": ["install", "/opt/ebb"], **volume})
        self.pod("installed", {
            "version": {"image": EBB_IMAGE, "command": ["/opt/ebb/ebb", "version"], **volume},
            "java": {"image": BASE, "command": ["/opt/ebb/java", "-version"], **volume,
                     "securityContext": {**LOCKED, "runAsUser": 999}},
            "help": {"image": EBB_IMAGE}},
            initContainers=[install], volumes=[{"name": "ebb", "emptyDir": {}}])
        self.assertEqual(dict.fromkeys(("install", "version", "java", "help"), 0), self.ended("installed", 4))
        lines = self.said("installed", "Usage")
        expected = subprocess.run([EBB, "version"], text=True, capture_output=True, check=True).stdout.splitlines()[0]
        self.assertIn(expected, lines)
        self.assertTrue([line for line in lines if "a stand-in" in line], lines)
        self.assertTrue([line for line in lines if "Usage" in line or "usage" in line], lines)

    def dremio_verbs(self, image):
        """What an image answers to what is no executor: exit codes, and what is said."""
        def verb(*words, options="", **env):
            every = {"LAB_COORDINATOR": self.coordinator.control_address, "DREMIO_JAVA_SERVER_EXTRA_OPTS": options,
                     "EBB_DREMIO_URL": self.coordinator.url, **env}
            return {"image": image, "command": ["/opt/dremio/bin/" + words[0]], "args": list(words[1:]),
                    "env": [{"name": name, "value": value} for name, value in every.items()]}

        name = image.rsplit(":", 1)[1]
        commands = {"status": verb("dremio", "status"), "unknown": verb("dremio", "frobnicate"),
                    "executor-status": verb("dremio", "status", options=EXECUTOR),
                    "admin": verb("dremio-admin", "clean", "-o")}
        daemons = {"master": verb("dremio", "start-fg", options=COORDINATOR), "silent": verb("dremio", "start-fg")}
        self.pod(name, {**commands, **daemons}, securityContext={
            "runAsNonRoot": True, "runAsUser": 999, "runAsGroup": 999, "seccompProfile": {"type": "RuntimeDefault"}})
        self.ended(name, len(commands))
        wait_until(lambda: self.coordinator.state()["nodes"].get(name), lambda: self.coordinator.state(), 30, 0.1)
        self.api.delete(f"/api/v1/namespaces/{self.namespace}/pods/{name}")
        codes = self.ended(name, len(commands) + len(daemons))
        return codes, self.said(name, "AdminCommandRunner")

    def test_what_is_no_executor_is_as_it_was(self):
        self.coordinator = self.dremio()
        codes, lines = self.dremio_verbs(DREMIO_IMAGE)
        self.assertEqual({"status": 3, "unknown": 1, "executor-status": 3, "admin": 0, "master": TERMINATED,
                          "silent": TERMINATED}, codes)
        self.assertEqual([], [line for line in lines if " event=" in line])
        wait_until(lambda: not self.coordinator.state()["nodes"].get("built"), "an empty cluster", 20, 0.1)
        before, said = self.dremio_verbs(BASE)
        self.assertEqual(before, codes)
        self.assertIn("java com.dremio.dac.cmd.AdminCommandRunner clean -o", said)
        self.assertIn("java com.dremio.dac.cmd.AdminCommandRunner clean -o", lines)

    def test_an_executor_drains_and_the_guides_hooks_work(self):
        dremio = self.dremio()
        executors = self.fleet(dremio, 2, env={"EBB_DREMIO_NODE_NAME": None},
                               change=lambda pod: self.derive(pod, dremio))
        last = f"executor-1.executor.{self.namespace}.svc.cluster.local"
        dremio.run_queries()
        self.busy(dremio, [last])
        uid = executors.uid("executor-1")
        hook = ("bash", "/opt/dremio/bin/autoscale-handler.sh", "-a", "remove")
        self.kubectl("exec", "-n", self.namespace, "executor-1", "--", *hook)
        executors.scale(1)
        executors.wait_gone([uid], 50)
        self.end_load(dremio)
        self.assert_never_killed(1)
        self.assert_list(dremio)
        self.assertIn("outcome=idle", self.log("executor-1", "drain.end")[-1])

    def derive(self, pod, dremio):
        """Dremio's chart's own command, in the derived image, with the hooks that the original set-up names."""
        executor = pod["containers"][0]
        executor |= {"image": DREMIO_IMAGE, "command": ["/opt/dremio/bin/dremio"], "args": ["start-fg"],
                     "lifecycle": GUIDE, "resources": {"limits": {"memory": "128Mi"}}}
        # A java that is told by its name alone, as a start script may: Ebb needs its path.
        every = {"JAVA": "java", "LAB_COORDINATOR": dremio.control_address, "DREMIO_JAVA_SERVER_EXTRA_OPTS": EXECUTOR}
        executor["env"] += [{"name": name, "value": value} for name, value in every.items()]


if __name__ == "__main__":
    unittest.main()
