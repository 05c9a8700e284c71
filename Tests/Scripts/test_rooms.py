"""What runs the Swift tests a room at a time: it ends a room that hangs, goes on, and counts all."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOMS = HERE.parents[1] / "deploy" / "testing" / "rooms.py"


class Rooms(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        # `swift build --show-bin-path` tells of the program that stands in.
        shutil.copy(HERE / "rooms_program.py", self.folder / "Stand-in.xctest")
        os.chmod(self.folder / "Stand-in.xctest", 0o755)
        (self.folder / "swift").write_text(f"#!/bin/sh\necho 'Fetching something first'\necho '{self.folder}'\n")
        os.chmod(self.folder / "swift", 0o755)

    def run_rooms(self, *rooms: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
        """Runs rooms.py in the folder; the counts are in `counted`."""
        path = f"{self.folder}:{os.environ['PATH']}"
        return subprocess.run(
            [ROOMS, *options, "kept", "counted", *rooms],
            cwd=self.folder, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, text=True, timeout=120)

    def counted(self) -> str:
        return (self.folder / "counted").read_text().strip()

    def test_a_silent_room_is_killed_and_counted_and_the_next_follows(self):
        done = self.run_rooms("SilentTests", "SlowTests", options=("--silence", "1.5"))
        self.assertEqual(done.returncode, 1, done.stdout)
        lines = done.stdout.splitlines()
        self.assertTrue(any(line.startswith("SilentTests: 1 passed, 2 failed, 0 skipped in ") for line in lines), lines)
        # One that tells something now and then may take longer than the silence.
        self.assertTrue(lines[-1].startswith("SlowTests: 1 passed, 0 failed, 0 skipped in "), lines)
        self.assertIn("FAILED: two: never ended", lines)
        self.assertIn("It hangs. Its processes and their threads:", lines)
        self.assertEqual(self.counted(), "2 2 0")
        for process in (self.folder / "processes").read_text().split():
            state = pathlib.Path("/proc", process, "stat")
            # Nobody may have taken note of its end yet.
            self.assertTrue(not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z", process)

    def test_counts_add_up_and_are_told_for_each_room(self):
        done = self.run_rooms("GoodTests", "FailingTests", "CrashingTests", options=("-j", "2"))
        self.assertEqual(done.returncode, 1)
        for told in (
            "GoodTests: 2 passed, 0 failed, 1 skipped in ", "FailingTests: 1 passed, 1 failed, 0 skipped in ",
            "CrashingTests: 1 passed, 1 failed, 0 skipped in ", "FAILED: one: 1 is not 2", "FAILED: two: never ended",
            "skipped: three: not here",
        ):
            self.assertIn(told, done.stdout)
        self.assertEqual(self.counted(), "4 2 1")
        # To what was counted before.
        self.assertEqual(self.run_rooms("GoodTests").returncode, 0)
        self.assertEqual(self.counted(), "6 2 2")

    def test_a_name_that_is_no_room_has_failed(self):
        done = self.run_rooms("GoodTest", "GoodTests")
        self.assertEqual(done.returncode, 1)
        self.assertIn("No matching test cases were run", done.stdout)
        self.assertIn("FAILED: the tests exited with 69 and named no failure", done.stdout)
        self.assertEqual(self.counted(), "2 1 1")

    def test_all_rooms_are_run_where_none_is_named(self):
        for name in ("GoodTests", "FailingTests", "GoodThings"):
            (self.folder / "Tests" / name).mkdir(parents=True)
        done = self.run_rooms()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.counted(), "3 1 1")
        self.assertEqual(sorted(path.name for path in (self.folder / "kept").glob("*.log")), ["FailingTests.log", "GoodTests.log"])


if __name__ == "__main__":
    unittest.main()
