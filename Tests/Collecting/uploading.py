"""What the tests of uploads share: stores to copy, panelctl as an operator starts it, and the count of what got lost or doubled."""

import collections
import dataclasses
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import postgres  # noqa: E402
import samples  # noqa: E402

PANELCTL = samples.BUILT / "panelctl"


@dataclasses.dataclass
class Told:
    status: int
    report: dict
    complaint: str


class Uploading(unittest.TestCase):
    """A class with a server of its own; each test has a database and directories of its own."""

    settings: dict[str, str] = {}
    authentication = "trust"

    @classmethod
    def setUpClass(cls):
        cls.out = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="panel-upload-")))
        cls.cluster = postgres.Cluster(authentication=cls.authentication, settings=cls.settings)
        cls.addClassCleanup(cls.cluster.remove)
        cls._made = {}

    def setUp(self):
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(dir=self.out)))
        self.database = f"d{uuid.uuid4().hex[:12]}"
        self.address = self.cluster.create(self.database)

    def store(self, count: int, seed: int = 1, name: str = "spool") -> tuple[pathlib.Path, list[samples.Drawing]]:
        """A copy of a store with so many drawings, the same for the same seed."""
        if (count, seed) not in self._made:
            template = self.out / f"store-{count}-{seed}"
            self._made[count, seed] = template, samples.store_of(template, count, seed)
        template, drawings = self._made[count, seed]
        spool = self.place / name
        shutil.copytree(template, spool, ignore=shutil.ignore_patterns("control"))
        return spool, list(drawings)

    @staticmethod
    def words(spool: pathlib.Path, address: str, *more: str) -> list[str]:
        return [str(PANELCTL), "sync", "--to", address, "--spool", str(spool), "--json", *more]

    @staticmethod
    def environment(**more: str) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, **more}

    def sync(self, spool: pathlib.Path, address: str | None = None, *more: str, **environment: str) -> Told:
        words = self.words(spool, address or self.address, *more)
        done = subprocess.run(words, capture_output=True, text=True, env=self.environment(**environment), timeout=120)
        return self.told(done.returncode, done.stdout, done.stderr)

    def told(self, status: int, output: str, complaint: str) -> Told:
        try:
            return Told(status, json.loads(output), complaint)
        except json.JSONDecodeError:
            self.fail(f"panelctl ended with {status} and no report: {output}{complaint}")

    def start(self, spool: pathlib.Path, address: str | None = None, *more: str) -> subprocess.Popen:
        return subprocess.Popen(
            self.words(spool, address or self.address, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, env=self.environment(),
        )

    def finish(self, process: subprocess.Popen) -> Told:
        output, complaint = process.communicate(timeout=120)
        return self.told(process.returncode, output, complaint)

    def ask(self, statement: str, values=None) -> list[tuple]:
        return self.cluster.ask(self.database, statement, values)

    def tables(self) -> bool:
        return self.ask("SELECT to_regclass('digit_panel.samples') IS NOT NULL")[0][0]

    def assert_whole(self, drawings: list[samples.Drawing]) -> None:
        """Every drawing is there once, with the bytes that it was stored with; prints what got lost and doubled."""
        rows = self.ask("SELECT uuid::text, md5(record), hash FROM digit_panel.samples") if self.tables() else []
        found = collections.Counter(row[0] for row in rows)
        expected = {str(each.identifier): each for each in drawings}
        lost = [name for name in expected if name not in found]
        doubled = [name for name, count in found.items() if count > 1]
        # What lies in the web collector's view or table must not be doubled either.
        web = self.ask("SELECT count(*), count(DISTINCT id), count(DISTINCT image_data || created_at) FROM home_drawndigit")
        print(f"{self.id().rsplit('.', 1)[1]}: {len(rows)} drawings, lost {len(lost)}, doubled {len(doubled)}", flush=True)
        self.assertEqual((lost, doubled), ([], []))
        self.assertEqual(len(found), len(expected))
        for name, digest, sha in rows:
            self.assertEqual(digest, hashlib.md5(expected[name].record).hexdigest())
            self.assertEqual(bytes(sha), expected[name].hash)
        agreed = sum(each.data_set for each in drawings)
        self.assertEqual(web[0][:2], (agreed, agreed))

    @staticmethod
    def damaged(drawing: samples.Drawing) -> bytes:
        """Its record as a worn disk gives it back."""
        content = bytearray(drawing.record)
        content[200] ^= 4
        return bytes(content)

    def put(self, spool: pathlib.Path, drawing: samples.Drawing, record: bytes) -> None:
        """Puts other bytes in the place of a drawing's record."""
        with sqlite3.connect(spool / "panel.db") as store:
            store.execute("UPDATE samples SET record = ? WHERE uuid = ?", (record, drawing.identifier.bytes))
        store.close()

    def copied(self) -> str:
        """A copy of the database as it is now."""
        copy = self.database + "_older"
        self.cluster.ask("postgres", f"CREATE DATABASE {copy} TEMPLATE {self.database}")
        return copy

    def restore(self, copy: str) -> None:
        """Puts a copy in the place of the database."""
        self.cluster.ask("postgres", f"DROP DATABASE {self.database}")
        self.cluster.ask("postgres", f"ALTER DATABASE {copy} RENAME TO {self.database}")

    def forget(self, spool: pathlib.Path) -> None:
        """Loses all that the store remembers of uploads."""
        with sqlite3.connect(spool / "panel.db") as store:
            for table in ("refusals", "uploads", "destinations"):
                store.execute(f"DELETE FROM {table}")
        store.close()


def random_cuts(generator, count: int, longest: float) -> list[float]:
    """Moments in seconds, spread over the whole of a run."""
    return sorted(generator.uniform(0, longest) for _ in range(count))
