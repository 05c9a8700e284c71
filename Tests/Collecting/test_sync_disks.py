"""Collecting into full disks, from copied stores, by USB stick and from a running panel."""

import json
import resource
import shutil
import signal
import subprocess
import sys
import unittest

import samples
from collected import Collecting, copy, records, unsent
from samples import REPOSITORY, add, drawings, identity
from sshd import PROGRAM

sys.path.insert(0, str(REPOSITORY / "deploy"))

from visit import Headless  # noqa: E402


class OnDisks(Collecting):
    def test_a_collector_that_may_write_no_more_confirms_nothing_it_has_not_and_goes_on_later(self):
        """The kernel refuses to let its files grow, as a full disk does in the middle of a transaction."""
        spool = self.panel("booth", 2500)

        def narrow():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20))

        told = self.sync("booth", exits=1, preexec_fn=narrow)
        self.assertIn("cannot store collected drawings in", told["hosts"][0]["error"])
        here = len(records(self.desk))
        self.assertEqual(2500 - unsent(spool), here)
        self.assertLess(here, 2500)
        self.sync("booth")
        self.whole(spool)

    def test_a_full_disk_pauses_collecting_with_room_in_reserve(self):
        disk = self.place / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=37m", "none", disk], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("only root may mount a small disk here")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        spool = self.panel("booth", 4000)
        desk = disk / "desk"
        told = self.sync("booth", desk=desk, exits=1)
        self.assertIn("stay in reserve", told["hosts"][0]["error"])
        here = len(records(desk))
        self.assertGreater(here, 0)
        self.assertEqual(4000 - unsent(spool), here)
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        self.sync("booth", desk=desk)
        self.whole(spool, desk=desk)

    def test_a_cloned_store_is_a_conflict_and_both_are_kept(self):
        spool = self.panel("booth", 50)
        clone = self.place / "clone"
        copy(spool, clone)
        self.sshd.panel("clone", clone)
        add(spool, drawings(20, identity(spool), seed=5, first=51))
        add(clone, drawings(10, identity(clone), seed=6, first=51))
        self.sync("booth")
        told = self.sync("clone", exits=3)
        self.assertEqual((told["hosts"][0]["stored"], told["hosts"][0]["diverged"]), (10, 10))
        self.assertIn("was copied", told["hosts"][0]["problems"][0])
        self.whole(spool, clone)
        # The collector itself is a copy of the panel.
        image = self.place / "image"
        copy(spool, image)
        self.assertIn("one is a copy of the other", self.sync("booth", desk=image, exits=3)["hosts"][0]["error"])

    def test_stores_restored_from_copies_lose_nothing(self):
        spool = self.panel("booth", 100)
        self.sync("booth")
        backup = self.place / "backup"
        copy(self.desk, backup)
        add(spool, drawings(50, identity(spool), seed=8, first=101))
        self.sync("booth")
        shutil.rmtree(self.desk)
        copy(backup, self.desk)
        told = self.sync("booth")
        self.assertEqual((told["stored"], told["hosts"][0]["offered"]), (50, 50))
        self.whole(spool)

    def test_panels_that_are_not_in_the_list_are_set_aside(self):
        spool = self.panel("booth", 15)
        self.desk.mkdir()
        (self.desk / "panels").write_text("00000000-0000-4000-8000-000000000000  # another\n")
        told = self.sync("booth", exits=1)
        self.assertEqual((told["hosts"][0]["set_aside"], told["stored"], unsent(spool)), (15, 0, 15))
        name = json.loads(
            subprocess.run([PROGRAM, "status", "--json", "--spool", spool], capture_output=True, text=True).stdout
        )["store"]["panel"]
        (self.desk / "panels").write_text(f"{name}  # the hall\n")
        self.sync("booth")
        self.whole(spool)

    def test_by_usb_stick_and_back(self):
        spool = self.panel("booth", 60)
        stick = self.place / "stick" / "booth.sync"
        stick.parent.mkdir()

        def run(*words, exits=0, **options):
            told = subprocess.run([PROGRAM, "sync", *words], capture_output=True, text=True, **options)
            self.assertEqual(told.returncode, exits, told.stderr)
            return told

        def narrow():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

        full = run("--to", stick, "--spool", spool, exits=1, preexec_fn=narrow)
        self.assertIn("file too large; make room there", full.stderr)
        self.assertEqual(list(stick.parent.iterdir()), [], "no half file stays")
        run("--to", stick, "--spool", spool)
        run("--from", stick, "--spool", self.desk)
        back = run("--from", f"{stick}.receipt", "--spool", spool)
        self.assertIn("60 receipts", back.stdout)
        self.whole(spool)
        run("--from", stick, "--spool", self.desk)
        content = stick.read_bytes()
        stick.write_bytes(content[: len(content) // 2])
        other = self.place / "other"
        self.assertIn("ends early", run("--from", stick, "--spool", other, exits=1).stdout)
        self.assertGreater(len(records(other)), 10)
        stick.write_bytes(b"no sync file")
        self.assertIn("panelctl", run("--from", stick, "--spool", other, exits=1).stderr)


class WithAVisitor(Collecting):
    def test_a_running_panel_is_drained_between_two_drawings(self):
        out = self.place / "booth"
        out.mkdir()
        booth = Headless(samples.BUILT, out)
        self.addCleanup(booth.end)
        booth.draw(3)
        booth.draw(8)
        self.sshd.panel("booth", booth.spool)
        self.assertEqual(self.sync("booth")["stored"], 2)
        status = json.loads(booth.ask("status", "--json", check=False))
        self.assertEqual(status["store"]["unsent"], 0)
        self.assertIsNotNone(status["store"]["last_sync"])
        booth.draw(1)
        self.assertEqual(self.sync("booth")["stored"], 1)
        booth.end()
        self.whole(booth.spool)


if __name__ == "__main__":
    unittest.main()
