"""What the tests of syncs share: panels behind a real sshd, and the count of what got lost."""

import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from samples import store_of
from sshd import PROGRAM, Sshd


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
