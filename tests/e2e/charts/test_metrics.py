"""What executors are scaled by: two metrics, the sum and what is known of it, from the rules to the autoscaler."""
import json
import re
import subprocess
import tempfile
import unittest

from render import CREDENTIALS, EBB, HPA, KEDA, Rendering, documents

OF_FRAGMENTS = {"fragments_active": "ebb:fragments_active:sum", "fragments_active_known": "ebb:fragments_active:known"}
RECORDED = {**CREDENTIALS, "prometheusRule": {"enabled": True}}


class Metrics(Rendering):
    def assert_recorded(self, text, series):
        recorded = re.findall(r"record: (\S+)$", documents(text, "PrometheusRule")[0], re.M)
        for name in series:
            self.assertEqual(1, recorded.count(name), name)

    def served(self, text):
        """Name → series, by the rules for prometheus-adapter."""
        config = next(d for d in text.split("\n---\n") if re.search(r"name: \"?ebb-adapter-rules\"?$", d, re.M))
        pairs = re.findall(r'__name__="([^"]+)".*?name: \{as: (\w+)\}', config, re.S)
        return {name: series for series, name in pairs}

    def scaled_by(self, **metric):
        """Of the HPA, whose metrics are served and recorded: [(metric, target)], and name → series."""
        text = self.render(EBB, (), {**RECORDED, "hpa": {**HPA, "metric": metric}})
        metrics = re.findall(r"metric: \{name: (\w+)\}\n +target:\n((?: {10}.*\n)+)",
                             documents(text, "HorizontalPodAutoscaler")[0])
        served = self.served(text)
        self.assertEqual(list(served), [name for name, _ in metrics])
        self.assert_recorded(text, served.values())
        return [(name, re.sub(r" +", " ", target).strip()) for name, target in metrics], served

    def test_the_hpa_scales_by_the_sum_and_by_what_is_known(self):
        for kind, field in (("AverageValue", "averageValue"), ("Value", "value")):
            target = f'type: {kind}\n {field}: "6"'
            metrics, served = self.scaled_by(target={"type": kind, "value": 6})
            self.assertEqual([(name, target) for name in OF_FRAGMENTS], metrics)
            self.assertEqual(OF_FRAGMENTS, served)

    def test_so_it_does_by_any_metric(self):
        metrics, served = self.scaled_by(metricName="threads_waiting_count")
        target = 'type: AverageValue\n averageValue: "8"'
        self.assertEqual([("threads_waiting_count", target), ("threads_waiting_count_known", target)], metrics)
        self.assertEqual({"threads_waiting_count": "ebb:threads_waiting_count:sum",
                          "threads_waiting_count_known": "ebb:threads_waiting_count:known"}, served)

    def test_fragments_by_a_releases_own_name_are_those_of_all_releases(self):
        _, served = self.scaled_by(metricName="exec_fragments_active")
        self.assertEqual({f"exec_{name}": series for name, series in OF_FRAGMENTS.items()}, served)

    def test_keda_scales_by_both(self):
        text = self.render(EBB, (), {**RECORDED, "keda": KEDA})
        triggers = documents(text, "ScaledObject")[0].partition("\n  triggers:\n")[2].split("    - type: ")[1:]
        asked = [re.findall(r"ebb:[\w:]+", trigger) for trigger in triggers]
        self.assertEqual([[series] * 2 for series in OF_FRAGMENTS.values()], asked)
        self.assert_recorded(text, OF_FRAGMENTS.values())
        # But for the series they are the same: no data is an error of each.
        self.assertEqual(1, len({re.sub(r"ebb:[\w:]+", "", trigger).strip() for trigger in triggers}))
        self.assertIn('ignoreNullValues: "false"', triggers[0])

    def test_keda_takes_what_two_servers_recorded_for_one(self):
        text = documents(self.render(EBB, (), {**RECORDED, "keda": KEDA}), "ScaledObject")[0]
        cases = []
        for query in re.findall(r"query: '(.*)'$", text, re.M):
            series = re.search(r"ebb:[^}]+", query)[0] + ',prometheus_replica="%d"}'
            cases.append({
                "interval": "10s", "input_series": [{"series": series % i, "values": "7x6"} for i in range(2)],
                "promql_expr_test": [{"expr": query, "eval_time": "1m", "exp_samples": [{"labels": "{}", "value": 7}]},
                                     {"expr": query, "eval_time": "2m", "exp_samples": []}]})
        self.assertEqual(len(OF_FRAGMENTS), len(cases))
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"evaluation_interval": "10s", "tests": cases}, file)
            file.flush()
            ran = subprocess.run(["promtool", "test", "rules", file.name], text=True, capture_output=True)
        self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)


if __name__ == "__main__":
    unittest.main()
