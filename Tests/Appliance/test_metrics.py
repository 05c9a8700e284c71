"""What `panelctl status --prometheus` prints is read by Prometheus' own parser."""

import math
import pathlib
import re
import sys
import tempfile
import unittest

from prometheus_client.parser import text_string_to_metric_families

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "deploy"))

from packages import BUILT  # noqa: E402
from visit import Headless  # noqa: E402

STATUS = REPOSITORY / "Sources" / "PanelControl" / "Health" / "STATUS.md"


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.out = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-metrics-")))
        cls.booth = Headless(BUILT, cls.out)
        cls.addClassCleanup(cls.booth.end)
        for digit in range(3):
            cls.booth.draw(digit)
        cls.page = cls.booth.ask("status", "--prometheus", check=False)
        cls.metrics = {each.name: each for each in text_string_to_metric_families(cls.page)}

    def value(self, name: str, **labels: str) -> float:
        found = [s.value for family in self.metrics.values() for s in family.samples if s.name == name and s.labels == labels]
        self.assertEqual(len(found), 1, f"{name} {labels}")
        return found[0]

    def test_it_tells_what_the_visitors_did(self):
        self.assertEqual(self.value("panel_up"), 1)
        self.assertEqual(sum(self.value("panel_store_samples", digit=str(digit)) for digit in range(10)), 3)
        self.assertEqual(self.value("panel_store_unsent_samples"), 3)
        # The panel starts anew for each recording.
        self.assertEqual(self.value("panel_visits_total"), 1)
        self.assertEqual(self.value("panel_stored_total"), 1)
        self.assertGreater(self.value("panel_ink_latency_seconds_count"), 10)
        self.assertLess(self.value("panel_ink_latency_seconds", quantile="0.5"), 1)
        self.assertGreater(self.value("panel_disk_free_bytes"), 0)

    def test_every_metric_has_its_help_and_its_type_and_comes_once(self):
        for family in self.metrics.values():
            self.assertIn(family.type, ("gauge", "counter", "summary"))
            self.assertTrue(family.documentation.endswith("."))
            keys = [(each.name, tuple(sorted(each.labels.items()))) for each in family.samples]
            self.assertEqual(len(keys), len(set(keys)))
            self.assertFalse(any(math.isnan(each.value) for each in family.samples))
        names = re.findall(r"^# TYPE (\S+)", self.page, re.MULTILINE)
        self.assertEqual(len(names), len(set(names)))
        # The parser takes the name of a counter without its end.
        self.assertEqual({each.removesuffix("_total") for each in names}, set(self.metrics))

    def test_each_is_listed_in_status_md(self):
        listed = set(re.findall(r"^\| `(panel_[a-z_0-9]+)`", STATUS.read_text(), re.MULTILINE))
        names = set(re.findall(r"^# TYPE (\S+)", self.page, re.MULTILINE))
        self.assertLessEqual(names, listed)
        # Nobody has collected here yet.
        self.assertLessEqual(listed - names, {"panel_last_sync_timestamp_seconds", "panel_touch_rate_hertz"})

    def test_a_booths_name_comes_through_whatever_is_in_it(self):
        name = 'a "quoted" \\ booth, {x="1"} ñ 数字'
        settings = self.out / "named.ini"
        settings.write_text(f"[panel]\nname = {name}\n")
        page = self.booth.ask("status", "--prometheus", "--config", str(settings), check=False)
        family = next(each for each in text_string_to_metric_families(page) if each.name == "panel_info")
        self.assertEqual(family.samples[0].labels["name"], name)


if __name__ == "__main__":
    unittest.main()
