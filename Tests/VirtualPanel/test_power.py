"""The plug is pulled: what was saved is there again, on a disk that forgets what was not flushed."""

import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest

import booth as panel
import record
from vm import cuts, disk
from vm.nbd import Disk


class PowerFails(unittest.TestCase):
    def setUp(self):
        self.place = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="panel-disk-")))
        self.image = self.place / "disk.img"
        disk.make(self.image)

    def boot(self, number: int) -> tuple[panel.Guest, Disk]:
        power = Disk(self.image, self.place / f"nbd{number}")
        guest = panel.boot("virtio-gpu", (800, 480), disk=power)
        self.addCleanup(guest.close)
        return guest, power

    def test_a_sample_survives_the_cut_at_the_instant_that_saved_is_read(self):
        guest, power = self.boot(1)
        # A file that nobody flushed: it shows that this disk does forget.
        touch = panel.Touch(guest)
        touch.plug()
        booth = panel.Booth(guest)
        visitor = panel.Visitor(booth, touch)
        first = visitor.draw(panel.handwriting.drawing(6, seed=1), seed=1)
        visitor.submit()
        second = visitor.draw(panel.handwriting.drawing(4, seed=2), seed=2)
        guest.run(f"echo unflushed >{panel.SPOOL}/witness")
        visitor.submit()
        power.cut()
        guest.close()

        found = disk.check(self.image)
        self.assertEqual(found, "", "the file system is whole after its journal was replayed")
        guest, power = self.boot(2)
        self.assertNotEqual(guest.run(f"cat {panel.SPOOL}/witness", check=False).text, "unflushed\n")
        touch = panel.Touch(guest)
        touch.plug()
        booth = panel.Booth(guest)
        samples = booth.samples()
        self.assertEqual([len(each.strokes) for each in samples], [len(first), len(second)])
        for strokes, sample in zip((first, second), samples):
            for played, kept in zip(strokes, sample.strokes):
                self.assertEqual(len(played), len(kept))
        # And it goes on collecting.
        visitor = panel.Visitor(booth, touch)
        visitor.draw(panel.handwriting.drawing(1, seed=3), seed=3)
        visitor.submit()
        self.assertEqual(len(booth.samples()), 3)
        self.assertEqual(booth.end(), 0)

    def test_every_write_of_the_disk_is_survived(self):
        """A session is logged once; then the disk is looked at as a cut after each of its operations would have left it."""
        base = self.place / "base.img"
        shutil.copyfile(self.image, base)
        guest, power = self.boot(1)
        touch = panel.Touch(guest)
        touch.plug()
        booth = panel.Booth(guest)
        visitor = panel.Visitor(booth, touch)
        saved = []
        for count in range(6):
            visitor.draw(panel.handwriting.drawing((1, 4, 6)[count % 3], seed=count), seed=count)
            visitor.submit()
            saved.append(len(power.log))
        names = [sample.identifier.bytes for sample in booth.samples()]
        self.assertEqual(booth.end(), 0)
        guest.run("sync")
        power.cut()
        guest.close()
        self.assertEqual(len(names), len(saved))

        began = time.monotonic()
        looked = Cuts(base, list(power.log), saved, names).all()
        print(
            f"power cuts: {looked.cuts} after {len(power.log)} operations of the disk, {looked.partial} with some of what was not"
            f" flushed; in {looked.with_store} there is a store; saved drawings lost: {looked.lost}; file systems broken:"
            f" {looked.broken}; stores unreadable: {looked.unreadable}; {time.monotonic() - began:.0f} s",
            flush=True,
        )
        self.assertGreater(looked.cuts, 200)
        self.assertGreater(looked.with_store, looked.cuts // 4)
        self.assertEqual((looked.lost, looked.broken, looked.unreadable), (0, 0, 0), looked.wrong)


class Looked:
    """What was found after power cuts."""

    def __init__(self) -> None:
        self.cuts = self.partial = self.with_store = self.lost = self.broken = self.unreadable = 0
        self.wrong = ""

    def add(self, other: "Looked") -> None:
        for name in ("cuts", "partial", "with_store", "lost", "broken", "unreadable"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong = self.wrong or other.wrong


class Cuts:
    """The states that power cuts leave of a logged session, looked at by as many processes as there are cores."""

    SHARES = (0.0, 0.3, 0.7, 1.0)

    def __init__(self, base: pathlib.Path, log: list, saved: list[int], names: list[bytes]):
        self.base, self.log, self.saved, self.names = base, log, saved, names

    def all(self) -> Looked:
        cores = os.cpu_count() or 1
        total = Looked()
        with concurrent.futures.ProcessPoolExecutor(cores) as pool:
            for part in pool.map(self.part, range(cores), [cores] * cores):
                total.add(part)
        return total

    def part(self, number: int, of: int) -> Looked:
        found = Looked()
        # On a disk in memory: nothing here has to survive anything.
        shm = pathlib.Path("/dev/shm")
        with tempfile.TemporaryDirectory(prefix="panel-cut-", dir=shm if shm.is_dir() else None) as scratch:
            image, place = pathlib.Path(scratch) / "disk.img", pathlib.Path(scratch) / "files"
            replay = cuts.Replay(self.base, self.log)
            for count in replay.states():
                if count % of != number:
                    continue
                for share in self.SHARES if replay.unflushed else (0.0,):
                    replay.write(image, share, random.Random(count))
                    found.cuts += 1
                    found.partial += 0 < share < 1
                    shutil.rmtree(place, ignore_errors=True)
                    self.look(image, place, count, found)
        return found

    def look(self, image: pathlib.Path, place: pathlib.Path, count: int, found: Looked) -> None:
        wrong = cuts.files(image, place)
        if wrong:
            found.broken += 1
            found.wrong = found.wrong or f"after {count}: {wrong}"
            return
        promised = self.names[: sum(at <= count for at in self.saved)]
        store = place / "panel.db"
        held: list[bytes] = []
        if store.exists() and store.stat().st_size > 0:
            try:
                if (place / "panel.db-journal").exists():
                    # Cut while the store was made: whoever may write takes that back, as the panel does at its start.
                    with sqlite3.connect(store) as made:
                        made.execute("SELECT count(*) FROM sqlite_master").fetchone()
                held = [sample.identifier.bytes for sample in record.records(store)]
                found.with_store += 1
            except (sqlite3.Error, ValueError) as error:
                # Before its first commit a store has no table.
                if promised or "no such table" not in str(error):
                    found.unreadable += 1
                    found.wrong = found.wrong or f"after {count}: {error}"
                    return
        lost = [name for name in promised if name not in held]
        found.lost += len(lost)
        if lost:
            found.wrong = found.wrong or f"after {count}: {len(lost)} of {len(promised)} are missing"
        if count % 16 == 0 and held:
            self.open(place, len(held), count, found)

    def open(self, place: pathlib.Path, held: int, count: int, found: Looked) -> None:
        """The program itself opens it, for a change: a code that nobody has."""
        told = subprocess.run(
            [panel.BUILT / "panelctl", "withdraw", "--session", str(record.uuid.UUID(int=7)), "--json", "--spool", place],
            capture_output=True, text=True,
        )
        after = len(record.records(place / "panel.db")) if told.returncode == 0 else -1
        if told.returncode != 0 or json.loads(told.stdout)["result"] != "withdrawn" or after != held:
            found.unreadable += 1
            found.wrong = found.wrong or f"after {count}: {told.stdout}{told.stderr}"


if __name__ == "__main__":
    unittest.main()
