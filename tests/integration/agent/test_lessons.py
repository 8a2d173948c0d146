"""Mistakes that others paid for, as far as they need real processes."""

import os
import threading
import unittest

from support.lab import LabTest
from support.processes import read_text, wait_until

# All that an agent may ask of a coordinator in a whole life.
CALLS = {"POST /apiv2/login", "DELETE /apiv2/login", "GET /api/v3/nodeCollections/blacklist",
         "POST /api/v3/nodeCollections/blacklist", "GET /apiv2/system/nodes"}


class Lessons(LabTest):
    def test_lesson_02_a_restart_in_a_living_pod_ends_allowed(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        first = self.node(dremio)
        dremio.query_on("executor-0")
        first.terminate()
        first.wait_state("draining", "quiescing")
        first.process.kill()  # the runtime's SIGKILL: nobody takes the entry off
        first.process.wait()
        self.assertEqual(dremio.denied(), ["executor-0"])
        os.rename(self.path(first.out), self.path("first.out"))
        again = self.node(dremio)
        wait_until(lambda: dremio.denied() == [], "the node is off the list")
        self.assertEqual(again.status()["state"], "serving")

    def test_lesson_07_our_own_calls_are_no_work(self):
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        node.post("/drain?wait=true", timeout=20)
        self.assertEqual(node.status()["executor"]["fragments"], 0)
        node.post("/undrain")
        node.wait_state("serving")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        calls = {call.rpartition(" ")[0] for call in dremio.state()["calls"]}
        self.assertLessEqual(calls, CALLS)
        self.assertEqual(dremio.queries()["finished"], 0)

    def test_lesson_15_a_hook_and_sigterm_are_one_drain(self):
        # The kubelet's order: the hook, held until the node may be stopped, then SIGTERM.
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        dremio.query_on("executor-0", lasts="3s")
        answer = node.post("/drain?cause=hook&wait=true", timeout=20)
        self.assertEqual((answer[0], answer[1]["phase"], answer[1]["causes"]), (200, "drained", ["hook"]))
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        self.assertEqual(len(node.log("drain.end")), 1)
        self.assertEqual((dremio.stop_queries()["lost"], dremio.denied()), (0, []))

    def test_lesson_19_one_process_owns_the_child_the_entry_and_the_exit(self):
        # A hook that is still held, SIGTERM, and the executor's end, all at once: one order, one exit code.
        dremio = self.dremio()
        self.node(dremio, "executor-1")
        node = self.node(dremio)
        answers = []

        def hook():
            try:
                answers.append(node.post("/drain?cause=hook&wait=true", timeout=20)[0])
            except OSError as error:
                answers.append(error)

        held = threading.Thread(target=hook)
        held.start()
        node.wait_state("draining")
        node.terminate()
        self.assertEqual(node.wait_exit(), 0)
        held.join(20)
        self.assertEqual(answers, [200])
        self.assertEqual(dremio.denied(), [])
        ends = [line.split("event=")[1].split()[0] for line in node.log()]
        self.assertEqual([e for e in ends if e in ("drain.end", "executor.signal", "executor.exit", "deny_list.off")],
                         ["drain.end", "executor.signal", "executor.exit", "deny_list.off"])

    def test_resolving_starts_no_thread(self):
        dremio = self.dremio()
        dremio.url = dremio.url.replace("127.0.0.1", "localhost")
        node = self.node(dremio)
        node.post("/drain?force=true&wait=true", timeout=20)
        for who, pid in (("init", node.process.pid), ("agent", node.agent())):
            self.assertEqual(os.listdir(f"/proc/{pid}/task"), [str(pid)], who)

    def test_the_loop_sleeps_while_nothing_happens(self):
        dremio = self.dremio()
        node = self.node(dremio, env={"EBB_DRAIN_POLL": "1s"})

        def switches():
            return sum(int(read_text(f"/proc/{pid}/status").split("\nvoluntary_ctxt_switches:")[1].split()[0])
                       for pid in (node.process.pid, node.agent()))

        node.wait_for(lambda s: s["deny_list"]["verified_ms_ago"] and s["deny_list"]["verified_ms_ago"] > 3000, "calm")
        before = switches()
        threading.Event().wait(6)
        self.assertLess(switches() - before, 40)  # a busy loop has thousands


if __name__ == "__main__":
    unittest.main()
