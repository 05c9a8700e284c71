"""The unit, as systemd itself judges it."""

import pathlib
import re
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
UNIT = REPOSITORY / "deploy" / "system" / "panel.service"
LIMIT = 2.0


class Unit(unittest.TestCase):
    def test_systemd_rates_its_exposure_low(self):
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", UNIT], capture_output=True, text=True, check=True
        ).stdout
        exposure = float(re.search(r"Overall exposure level for panel.service: ([0-9.]+)", told).group(1))
        print(f"systemd-analyze security: exposure {exposure} of 10 (limit {LIMIT})", flush=True)
        self.assertLessEqual(exposure, LIMIT)

    def test_systemd_knows_every_line_of_it(self):
        with tempfile.TemporaryDirectory(prefix="panel-unit-") as place:
            # The program and its page are not installed here; all else is looked at.
            copy = pathlib.Path(place) / "panel.service"
            words = UNIT.read_text().replace("/usr/bin/panel", "/bin/true")
            copy.write_text(re.sub(r"^Documentation=.*\n", "", words, flags=re.MULTILINE))
            told = subprocess.run(
                ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", copy], capture_output=True, text=True
            )
        self.assertEqual((told.returncode, told.stderr + told.stdout), (0, ""))

    def test_every_line_is_explained(self):
        page = (UNIT.parent / "UNIT.md").read_text()
        plain = {"Description", "Documentation", "ExecStart", "Group", "WantedBy", "Environment", "SystemCallErrorNumber",
                 "LogRateLimitIntervalSec", "LogRateLimitBurst"}
        keys = set(re.findall(r"^([A-Za-z]+)=", UNIT.read_text(), re.MULTILINE)) - plain
        self.assertGreater(len(keys), 40)
        self.assertEqual([key for key in sorted(keys) if f"{key}=" not in page], [])


if __name__ == "__main__":
    unittest.main()
