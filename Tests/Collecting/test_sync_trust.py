"""What a stolen key can do, what a withdrawal reaches, and what a person sees of a sync, over a real sshd."""

import contextlib
import json
import os
import pty
import sqlite3
import subprocess
import unittest

from collected import Collecting, copy, query, records, unsent
from sshd import PROGRAM


class StolenKey(Collecting):
    """Who has a collector's key of a panel has no more than that."""

    def test_it_runs_nothing_but_the_serving_end(self):
        self.panel("booth", 3)
        told = subprocess.run(
            [*self.sshd.ssh.split(), "-T", "booth", "cat /etc/passwd; panelctl withdraw"], stdin=subprocess.DEVNULL, capture_output=True
        )
        self.assertTrue(told.stdout.startswith(b"\x89DPY\r\n\x1a\n"), told.stdout[:80])
        self.assertNotIn(b"root:", told.stdout)

    def test_it_withdraws_no_more_than_a_days_number(self):
        spool = self.panel("booth", 1300)
        self.sync("booth")
        with contextlib.closing(sqlite3.connect(self.desk / "panel.db")) as store:
            store.execute("INSERT INTO tombstones SELECT uuid, 'sample', 1 FROM samples")
            store.commit()
        for _ in range(2):
            told = self.sync("booth", exits=1)
            self.assertEqual(len(records(spool)), 300)
            self.assertIn("300 withdrawals are put off there", told["hosts"][0]["problems"][0])

    def test_bytes_that_are_no_frames_end_it_with_a_sentence(self):
        spool = self.panel("booth", 3)
        for nonsense in (b"GET / HTTP/1.1\r\n\r\n" * 5000, b"\x89DPY\r\n\x1a\n" + bytes(range(256)) * 400):
            told = subprocess.run([*self.sshd.ssh.split(), "-T", "booth"], input=nonsense, capture_output=True, timeout=60)
            self.assertEqual(told.returncode, 1)
            self.assertIn(b"panelctl: ", told.stderr)
        self.assertEqual(unsent(spool), 3)


class Withdrawing(Collecting):
    """What is withdrawn or made nameless in one place is so in every store that is synchronised with it."""

    def control(self, spool, *words: str) -> dict:
        told = subprocess.run([PROGRAM, *words, "--json", "--spool", spool], capture_output=True, text=True)
        self.assertEqual(told.returncode, 0, told.stderr)
        return json.loads(told.stdout)

    def names(self, spool) -> int:
        return query(spool, "SELECT count(name) FROM contributors")[0][0]

    def codes(self, spool) -> list[str]:
        return [row[0] for row in query(spool, "SELECT code FROM receipts WHERE id IN (SELECT receipt FROM samples) ORDER BY id")]

    def test_a_visit_that_is_withdrawn_here_goes_there_and_comes_back_from_no_copy(self):
        spool = self.panel("booth", 60)
        image = self.place / "image"
        copy(spool, image)
        self.sshd.panel("image", image)
        self.sync("booth")
        gone = 0
        codes = self.codes(spool)
        for place, code in ((spool, codes[0]), (self.desk, codes[-1])):
            gone += self.control(place, "withdraw", code)["withdrawn"]
        self.assertGreater(gone, 1)
        told = self.sync("booth")
        self.assertEqual((told["hosts"][0]["tombstones_sent"], told["hosts"][0]["tombstones_received"]), (1, 2), "there all are known by then")
        self.assertEqual(len(records(spool)), 60 - gone)
        self.whole(spool)
        # The copy of its card still has them.
        self.sync("image")
        self.assertEqual(len(records(image)), 60 - gone)
        self.whole(spool)

    def test_names_that_are_dropped_at_the_collector_go_at_every_panel(self):
        halls = [self.panel(f"hall-{number}", 30) for number in range(2)]
        self.sync("hall-0", "hall-1")
        before = [self.names(each) for each in halls]
        self.assertGreater(min(before), 0)
        self.assertEqual(self.control(self.desk, "anonymise")["names"], sum(before))
        told = self.sync("hall-0", "hall-1")
        self.assertEqual([self.names(each) for each in halls], [0, 0])
        self.assertGreater(told["hosts"][0]["names_sent"], 0)
        other = self.place / "other"
        self.sync("hall-0", "hall-1", desk=other)
        self.assertEqual(self.names(other), 0)
        again = self.sync("hall-0", "hall-1")
        self.assertEqual([host["names_sent"] + host["names_received"] for host in again["hosts"]], [0, 0])
        self.whole(*halls)

    def test_names_that_are_dropped_at_a_panel_go_at_the_collector_also_by_usb_stick(self):
        spool = self.panel("booth", 30)
        self.sync("booth")
        self.assertGreater(self.names(self.desk), 0)
        self.control(spool, "anonymise")
        stick = self.place / "booth.sync"
        self.control(spool, "sync", "--to", str(stick))
        told = self.control(self.desk, "sync", "--from", str(stick))
        self.assertGreater(told["drawings"]["names_dropped"], 0)
        self.assertEqual(self.names(self.desk), 0)
        self.sync("booth")
        self.assertEqual(self.names(self.desk), 0)
        self.whole(spool)


class Watched(Collecting):
    def test_a_person_at_a_terminal_sees_how_far_it_is_and_a_script_its_json(self):
        spool = self.panel("booth", 200, before="sleep 1; ")
        person, terminal = pty.openpty()
        told = subprocess.run(self.words("booth", "--json"), stdout=subprocess.PIPE, stderr=terminal, timeout=120)
        os.close(terminal)
        seen = b""
        with contextlib.suppress(OSError):
            while part := os.read(person, 65536):
                seen += part
        os.close(person)
        self.assertEqual((told.returncode, json.loads(told.stdout)["stored"]), (0, 200))
        self.assertRegex(seen, rb"0 of 1 panels, \d+ of \d+ drawings")
        self.assertIn(b"1 of 1 panels, 200 of 200 drawings", seen)
        self.assertTrue(seen.endswith(b"\r\x1b[K"), "the line is taken away again")
        self.whole(spool)


if __name__ == "__main__":
    unittest.main()
