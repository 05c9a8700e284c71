"""Drawings that were imported from a panel's own data set, and the panel's records of them, in a real PostgreSQL."""

import pathlib
import sqlite3
import subprocess
import unittest
import uuid

import samples
import test_postgres_web
from uploading import PANELCTL, Uploading


class Imported(Uploading):
    """A drawing is there once, whether the import or the record comes first, from one store or from several."""

    def panelctl(self, *words: object) -> str:
        done = subprocess.run([str(PANELCTL), *map(str, words)], capture_output=True, text=True, env=self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def desk(self, booth: pathlib.Path, name: str = "desk") -> pathlib.Path:
        """A store into which the whole data set of another one was imported."""
        exported = self.place / f"{name}.json"
        self.panelctl("export", "--format", "json", "--names", "--without-consent", "--output", exported, "--spool", booth)
        desk = self.place / name
        self.panelctl("import", exported, "--spool", desk)
        return desk

    def _one_of_each(self) -> None:
        booth, drawings = self.store(200)
        desk = self.desk(booth)
        self.assertEqual(self.sync(desk).report["uploaded"], 200)
        told = self.sync(booth)
        self.assertEqual((told.status, told.report["uploaded"], told.report["conflicts"]), (0, 200, []), told.complaint)
        self.assert_whole(drawings)
        # Offered again they are not brought back, and are no conflict.
        for _ in range(2):
            self.forget(desk)
            told = self.sync(desk)
            self.assertEqual((told.status, told.report["uploaded"], told.report["present"]), (0, 0, 200), told.complaint)
            self.assert_whole(drawings)
        more = samples.add(booth, samples.drawings(20, samples.identity(booth), seed=9, first=201))
        self.assertEqual(self.sync(booth).report["uploaded"], 20)
        self.assert_whole(drawings + more)
        names = dict(self.ask("SELECT pseudonym::text, name FROM digit_panel.contributors"))
        self.assertEqual(names, {str(each.contributor): each.name for each in drawings + more})

    def test_the_record_takes_the_place_of_the_import(self):
        self._one_of_each()

    def test_the_record_takes_the_place_of_the_import_in_the_web_collectors_table(self):
        self.ask(test_postgres_web.WebCollectorsTable.TABLE)
        self._one_of_each()

    def test_both_at_once(self):
        booth, drawings = self.store(1000)
        desk, other = self.desk(booth), self.desk(booth, "other")
        self.sync(self.store(0, name="none")[0])
        told = [self.finish(run) for run in [self.start(desk), self.start(booth), self.start(other)]]
        self.assertEqual([(each.status, each.complaint) for each in told], [(0, "")] * 3)
        self.assert_whole(drawings)

    def test_a_record_in_a_store_that_had_uploaded_the_import(self):
        booth, drawings = self.store(100)
        desk = self.desk(booth)
        self.assertEqual(self.sync(desk).report["uploaded"], 100)
        file = self.place / "booth.sync"
        self.panelctl("sync", "--to", file, "--spool", booth)
        self.panelctl("sync", "--from", file, "--spool", desk)
        told = self.sync(desk)
        self.assertEqual((told.status, told.report["uploaded"]), (0, 100), told.complaint)
        self.assert_whole(drawings)

    def test_an_import_that_is_withdrawn_takes_the_record_with_it(self):
        booth, drawings = self.store(100)
        desk = self.desk(booth)
        self.sync(booth)
        # As of a data set that said no visits.
        visit = uuid.uuid4()
        with sqlite3.connect(desk / "panel.db") as store:
            store.execute("UPDATE receipts SET session = ? WHERE session = ?", (visit.bytes, drawings[0].session.bytes))
        store.close()
        self.panelctl("withdraw", "--session", visit, "--spool", desk)
        self.assertEqual(self.sync(desk).report["removed_there"], 10)
        told = self.sync(booth)
        self.assertEqual((told.status, told.report["removed_here"], told.report["uploaded"]), (0, 10, 0), told.complaint)
        self.assert_whole(drawings[10:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
