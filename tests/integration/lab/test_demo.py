"""The demonstration: it ends, tells the truth in a table and a page, and leaves nothing behind."""

import os
import signal
import subprocess

from support.processes import ProcessTest, children_of, read_text, send, wait_until

LAB = os.environ["EBB_LAB"]


class Demo(ProcessTest):
    def demo(self, *options, **how):
        with open(self.path("out"), "w", encoding="utf-8") as out:
            command = [LAB, "demo", "--brief", "--ebb", os.environ["EBB_BINARY"], "--out", self.path("demo"), *options]
            return self.start(command, stdout=out, stderr=subprocess.STDOUT, **how)

    def test_with_ebb_no_query_is_lost(self):
        self.assertEqual(self.demo("--only", "ebb", "--strict").wait(100), 0, read_text(self.path("out")))
        row = next(line for line in self.lines("out") if line.startswith("queries lost"))
        self.assertEqual(row.split()[-1], "0")
        self.assertIn("<svg", read_text(self.path("demo/report.html")))

    def test_interrupted_demo_ends_all_that_it_started(self):
        process = self.demo("--only", "ebb")
        wait_until(lambda: len(children_of(process.pid)) == 6, "six pods run")
        send(process, signal.SIGINT)
        self.assertEqual(process.wait(10), 4)
        self.assertEqual(children_of(os.getpid()), [])


if __name__ == "__main__":
    import unittest
    unittest.main()
