"""The cluster that the scenes of one run share: started before the first, ended after the last."""
import os
import unittest

import cluster


class Cluster(unittest.TestCase):
    def test_starts(self):
        reason = cluster.up(owner=os.getppid())  # ctest: what it leaves behind when it is killed ends by itself
        if reason:
            print(f"skipped: {reason}")
            self.skipTest(reason)
        self.assertEqual(["node-1"], list(cluster.Cluster.running().nodes))

    def test_ends(self):
        try:
            folder = cluster.Cluster.running().folder
        except cluster.Unavailable as reason:
            self.skipTest(str(reason))
        finally:
            cluster.down()
        self.assertFalse(os.path.exists(folder))


if __name__ == "__main__":
    unittest.main()
