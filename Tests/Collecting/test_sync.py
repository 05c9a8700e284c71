"""Drawings are collected over a real sshd: whatever is cut, killed or repeated, none is lost and none is there twice."""

import concurrent.futures
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from collected import Collecting, query, records, unsent
from samples import add, drawings, identity
from sshd import PROGRAM, serving


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

        def again():
            shutil.rmtree(self.desk)
            with contextlib.closing(sqlite3.connect(spool / "panel.db")) as store:
                store.execute("DELETE FROM acknowledgements")
                store.commit()

        # How long it takes here when nobody is killed.
        begun = time.monotonic()
        self.sync("booth")
        span = time.monotonic() - begun
        again()
        # Some end before they are killed: it goes on until there are enough.
        for turn in range(150):
            if min(cut.values()) >= 8:
                break
            running = subprocess.Popen(self.words("booth"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while running.poll() is None and not serving(spool):
                time.sleep(0.005)
            time.sleep(chance.uniform(0, span / 3))
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
                again()
                before = -1
        told = self.sync("booth")
        print(f"  killed {cut['collector']} collectors and {cut['panel']} panels' ends")
        self.assertEqual(told["outcome"], "well")
        self.assertGreaterEqual(min(cut.values()), 8)
        self.whole(spool)


if __name__ == "__main__":
    unittest.main()
