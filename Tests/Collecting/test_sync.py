"""Drawings are collected over a real sshd: whatever is cut, killed, full or copied, none is lost and none is there twice."""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import samples
from samples import REPOSITORY, add, drawings, identity, store_of
from sshd import PROGRAM, Sshd, serving

sys.path.insert(0, str(REPOSITORY / "deploy"))

from visit import Headless  # noqa: E402


def query(spool: pathlib.Path, sql: str):
    # Not read-only: after a kill the log must be put in order first.
    with contextlib.closing(sqlite3.connect(f"file:{spool / 'panel.db'}?mode=rw", uri=True, timeout=20)) as store:
        return store.execute(sql).fetchall()


def records(spool: pathlib.Path) -> dict[bytes, bytes]:
    rows = query(spool, "SELECT uuid, record FROM samples")
    found = dict(rows)
    assert len(found) == len(rows), "an id is there twice"
    return found


def copy(spool: pathlib.Path, to: pathlib.Path) -> None:
    """A copy of a store that nobody uses, as an image of its card has it; not of the socket beside it."""
    shutil.copytree(spool, to, ignore=shutil.ignore_patterns("control"))


def unsent(spool: pathlib.Path) -> int:
    return query(spool, "SELECT count(*) FROM samples WHERE id NOT IN (SELECT sample FROM acknowledgements)")[0][0]


class Collecting(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="panel-sync-")))
        keys = self.place / "ssh"
        keys.mkdir()
        self.sshd = Sshd(keys)
        self.addCleanup(self.sshd.end)
        self.desk = self.place / "desk"

    def panel(self, name: str, count: int, before: str = "", seed: int | None = None) -> pathlib.Path:
        """A panel with drawings, which ssh knows by its name."""
        spool = self.place / name
        store_of(spool, count, seed=seed or sum(name.encode()))
        self.sshd.panel(name, spool, before)
        return spool

    def words(self, *words: str, desk: pathlib.Path | None = None) -> list[str]:
        return [str(PROGRAM), "sync", "--spool", str(desk or self.desk), "--ssh", self.sshd.ssh, *map(str, words)]

    def sync(self, *words: str, desk: pathlib.Path | None = None, exits: int = 0, **options) -> dict:
        """Runs it to its end, and returns what it says as JSON."""
        told = subprocess.run(self.words(*words, "--json", desk=desk), capture_output=True, text=True, **options)
        self.assertEqual(told.returncode, exits, f"{told.stdout}{told.stderr}{self.sshd.log.read_text()[-2000:]}")
        return json.loads(told.stdout) if told.stdout else {"error": told.stderr}

    def whole(self, *spools: pathlib.Path, desk: pathlib.Path | None = None) -> None:
        """Every drawing of the panels is at the collector, once, byte for byte, and confirmed."""
        wanted = {key: value for spool in spools for key, value in records(spool).items()}
        found = records(desk or self.desk)
        lost = sum(found.get(key) != value for key, value in wanted.items())
        print(f"  {len(wanted)} drawings of {len(spools)} panels: lost {lost}, doubled 0, others {len(found) - len(wanted)}")
        self.assertEqual(lost, 0)
        self.assertEqual(len(found), len(wanted))
        self.assertEqual([unsent(spool) for spool in spools], [0] * len(spools))
        self.assertEqual(query(desk or self.desk, "PRAGMA integrity_check"), [("ok",)])


class OverSSH(Collecting):
    def test_several_panels_are_drained_at_once_and_a_second_time_nothing_moves(self):
        spools = [self.panel(f"booth-{index}", 40 + index) for index in range(3)]
        told = self.sync("booth-0", "booth-1", "booth-2")
        self.whole(*spools)
        self.assertEqual([host["stored"] for host in told["hosts"]], [40, 41, 42])
        self.assertEqual([host["acknowledged"] for host in told["hosts"]], [40, 41, 42])
        again = self.sync("booth-0", "booth-1", "booth-2")
        self.assertEqual([host["offered"] for host in again["hosts"]], [0, 0, 0])
        names = query(spools[0], "SELECT name FROM contributors ORDER BY pseudonym")
        kept = dict(query(self.desk, "SELECT pseudonym, name FROM contributors"))
        wanted = dict(query(spools[0], "SELECT pseudonym, name FROM contributors"))
        self.assertEqual({key: kept[key] for key in wanted}, wanted, f"{len(names)} names")

    def test_a_hosts_file_and_people_who_read(self):
        spools = [self.panel(f"hall-{index}", 12) for index in range(2)]
        listed = self.place / "hosts"
        listed.write_text("# the hall\nhall-0\n\nhall-1   # by the door\nhall-0\n")
        told = subprocess.run(self.words("--all", listed, "--jobs", "1"), capture_output=True, text=True)
        self.assertEqual((told.returncode, told.stderr), (0, ""), "no progress where nobody watches")
        self.assertRegex(told.stdout, r"hall-0  12 new drawings, .* in .* s\nhall-1  12 new")
        self.assertIn("2 panels: 24 new drawings", told.stdout)
        self.whole(*spools)

    def test_a_dry_run_counts_and_changes_nothing(self):
        spool = self.panel("booth", 30)
        told = self.sync("booth", "--dry-run")
        self.assertEqual((told["hosts"][0]["wanted"], told["stored"]), (30, 0))
        self.assertFalse(self.desk.exists())
        self.assertEqual(unsent(spool), 30)
        self.sync("booth")
        self.assertEqual(self.sync("booth", "--dry-run")["hosts"][0]["wanted"], 0)

    def test_a_login_banner_before_the_stream_is_skipped(self):
        spool = self.panel("booth", 20, before="head -c 40000 /dev/urandom | base64; echo; ")
        self.sync("booth")
        self.whole(spool)

    def test_one_sentence_for_each_failure_and_the_others_are_drained(self):
        spool = self.panel("good", 10)
        self.sshd.command("absent", "nosuchprogram")
        self.sshd.command("chatty", "echo Welcome to the wrong machine")
        self.sshd.command("mute", "true")
        self.sshd.command("stranger", "true", accepted=False)
        self.sshd.command("unknown", "true", known=False)
        self.sshd.command("storeless", f"'{PROGRAM}' sync --serve --spool '{self.place / 'nowhere'}'")
        cases = {
            "absent": "install it on the panel",
            "chatty": "Welcome to the wrong machine",
            "mute": "before it said anything",
            "stranger": "does not take this key",
            "unknown": "host key is not known here; run ssh unknown once",
            "storeless": "there is no panel.db in it",
            "nosuchhost.invalid": "there is no host of that name",
        }
        told = self.sync("good", *cases, exits=1)
        errors = {host["host"]: host["error"] for host in told["hosts"]}
        self.assertIsNone(errors.pop("good"))
        for name, words in cases.items():
            self.assertIn(words, errors[name])
            self.assertEqual(errors[name].count("\n"), 0)
        self.whole(spool)
        missing = subprocess.run(
            [PROGRAM, "sync", "--spool", self.desk, "--ssh", "/nonexistent/ssh", "good"], capture_output=True, text=True
        )
        self.assertEqual(missing.returncode, 1)
        self.assertIn("no such file", missing.stdout.lower())

    def test_five_collectors_at_once_each_get_everything(self):
        spool = self.panel("booth", 400)
        desks = [self.place / f"desk-{index}" for index in range(5)]
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            told = list(pool.map(lambda desk: self.sync("booth", desk=desk), desks))
        self.assertEqual([each["stored"] for each in told], [400] * 5)
        self.assertEqual(sum(each["hosts"][0]["acknowledged"] for each in told), 400, "one receipt for each drawing")
        for desk in desks:
            self.whole(spool, desk=desk)

    def test_two_syncs_into_one_store_do_not_run_at_once(self):
        spool = self.panel("slow", 10, before="sleep 3; ")
        first = subprocess.Popen(self.words("slow"), stdout=subprocess.DEVNULL)
        time.sleep(1)
        self.assertIn("another sync collects into it", self.sync("slow", exits=1)["error"])
        self.assertEqual(first.wait(30), 0)
        self.whole(spool)

    def test_a_panel_goes_on_drawing_while_it_is_drained(self):
        spool = self.panel("booth", 300)
        number = 301
        errors = []

        def draw():
            nonlocal number
            for made in drawings(60, identity(spool), seed=77, first=number):
                try:
                    add(spool, [made])
                except sqlite3.OperationalError as error:
                    errors.append(error)

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            busy = pool.submit(draw)
            while not busy.done():
                self.sync("booth")
            busy.result()
        self.assertEqual(errors, [])
        self.sync("booth")
        self.assertEqual(len(records(self.desk)), 360)
        self.whole(spool)

    def test_killed_at_either_side_time_and_again(self):
        spool = self.panel("booth", 3000)
        chance = random.Random(3)
        cut = {"collector": 0, "panel": 0}
        before = -1
        for turn in range(30):
            running = subprocess.Popen(self.words("booth"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while running.poll() is None and not serving(spool):
                time.sleep(0.005)
            time.sleep(chance.uniform(0, 0.5))
            if running.poll() is None:
                if turn % 2 == 0:
                    running.kill()
                    cut["collector"] += 1
                else:
                    for process in serving(spool):
                        os.kill(process, signal.SIGKILL)
                        cut["panel"] += 1
            running.wait(60)
            here = len(records(self.desk)) if (self.desk / "panel.db").exists() else 0
            self.assertGreaterEqual(here, 3000 - unsent(spool), "nothing is confirmed that is not here")
            self.assertGreaterEqual(here, before)
            before = here
            if here == 3000 and unsent(spool) == 0:
                # Begin again with another collector.
                shutil.rmtree(self.desk)
                with contextlib.closing(sqlite3.connect(spool / "panel.db")) as store:
                    store.execute("DELETE FROM acknowledgements")
                    store.commit()
                before = -1
        told = self.sync("booth")
        print(f"  killed {cut['collector']} collectors and {cut['panel']} panels' ends")
        self.assertEqual(told["outcome"], "well")
        self.assertGreater(min(cut.values()), 5)
        self.whole(spool)


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
