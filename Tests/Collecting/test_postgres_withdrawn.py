"""What visitors withdraw and names that are dropped, between stores and a real PostgreSQL."""

import random
import shutil
import sqlite3
import subprocess
import unittest

import samples
import test_postgres_web
from uploading import PANELCTL, Uploading


class Withdrawn(Uploading):
    """A visitor takes drawings back: they go everywhere, and no store that still has them brings them back."""

    def withdraw(self, spool, identifier, kind: str) -> None:
        """As the panel does it: the drawings go, a tombstone stays."""
        with sqlite3.connect(spool / "panel.db") as store:
            store.execute("PRAGMA foreign_keys = ON")
            store.execute("INSERT INTO tombstones VALUES (?, ?, ?)", (identifier.bytes, kind, samples.BEGIN))
            which = "receipt = (SELECT id FROM receipts WHERE session = ?)" if kind == "session" else "uuid = ?"
            store.execute(f"DELETE FROM samples WHERE {which}", (identifier.bytes,))
            store.execute("DELETE FROM contributors WHERE samples = 0")
        store.close()

    def kept(self, spool) -> int:
        with sqlite3.connect(spool / "panel.db") as store:
            count = store.execute("SELECT count(*) FROM samples").fetchone()[0]
        store.close()
        return count

    def _withdrawals_go_there_and_come_here(self) -> None:
        spool, drawings = self.store(300)
        self.sync(spool)
        stale = shutil.copytree(spool, self.place / "stale")
        visit, one = drawings[125].session, drawings[7]
        self.withdraw(spool, visit, "session")
        self.withdraw(spool, one.identifier, "sample")
        left = [each for each in drawings if each.session != visit and each is not one]
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["removed_there"], told.report["uploaded"]), (0, 11, 0), told.complaint)
        self.assert_whole(left)
        gone = str(drawings[125].contributor)
        self.assertEqual(self.ask("SELECT count(*) FROM digit_panel.contributors WHERE pseudonym = %s", (gone,)), [(0,)])
        self.assertEqual(
            self.ask("SELECT uuid::text, kind FROM digit_panel.tombstones ORDER BY kind"),
            [(str(one.identifier), "sample"), (str(visit), "session")],
        )
        # Another store that still has them honours it, and does not bring them back though it remembers nothing.
        self.forget(stale)
        told = self.sync(stale)
        self.assertEqual((told.status, told.report["removed_here"], told.report["uploaded"]), (0, 11, 0), told.complaint)
        self.assertEqual(self.kept(stale), 289)
        self.assert_whole(left)
        more = samples.add(spool, samples.drawings(20, samples.identity(spool), seed=9, first=301))
        self.assertEqual(self.sync(spool).report["uploaded"], 20)
        self.assert_whole(left + more)

    def test_what_is_withdrawn_goes_there_and_comes_from_there(self):
        self._withdrawals_go_there_and_come_here()

    def test_what_is_withdrawn_leaves_the_web_collectors_table_too(self):
        self.ask(test_postgres_web.WebCollectorsTable.TABLE)
        self._withdrawals_go_there_and_come_here()

    def test_what_is_withdrawn_there_while_it_is_sent_does_not_come_back(self):
        spool, drawings = self.store(3000)
        self.sync(self.store(0, name="none")[0])
        other, _ = self.store(0, name="other")
        generator = random.Random(3)
        visits = generator.sample(sorted({each.session for each in drawings}), 60)
        runs = [self.start(spool)]
        for visit in visits:
            self.withdraw(other, visit, "session")
            if generator.random() < 0.2:
                self.assertEqual(self.sync(other).status, 0)
        told = [self.finish(run) for run in runs]
        self.assertEqual([each.status for each in told], [0])
        self.sync(other)
        self.sync(spool)
        self.assert_whole([each for each in drawings if each.session not in visits])

    def test_a_visit_that_was_named_as_a_drawing_is_uploaded_and_can_be_withdrawn(self):
        spool, drawings = self.store(200)
        self.sync(self.store(0, name="none")[0])
        visit, one = drawings[125].session, drawings[7].identifier
        # Whoever may write there, or had a stolen key, names a visit as a drawing and a drawing as a visit.
        for identifier, kind in ((visit, "sample"), (one, "session")):
            self.ask("INSERT INTO digit_panel.tombstones VALUES (%s, %s, now())", (str(identifier), kind))
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["removed_here"], told.report["uploaded"]), (0, 0, 200), told.complaint)
        self.forget(spool)
        self.assertEqual(self.sync(spool).status, 0)
        self.assert_whole(drawings)
        self.withdraw(spool, visit, "session")
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["removed_there"]), (0, 10), told.complaint)
        self.assertEqual(
            self.ask("SELECT kind FROM digit_panel.tombstones WHERE uuid = %s", (str(visit),)), [("session",)],
        )
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["removed_there"]), (0, 0), told.complaint)
        self.assert_whole([each for each in drawings if each.session != visit])


class DroppedNames(Uploading):
    """Names that were dropped for good in one store go there, and from there in every other store."""

    NAMED = "SELECT count(*) FROM digit_panel.contributors WHERE name IS NOT NULL"
    SHOWN = "SELECT count(*) FROM home_drawndigit WHERE username <> 'Anonymous'"

    def anonymise(self, spool) -> None:
        """As an operator does it."""
        done = subprocess.run([PANELCTL, "anonymise", "--spool", spool], capture_output=True, text=True, env=self.environment(), timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)

    def names(self, spool) -> int:
        """The names that a store shows."""
        with sqlite3.connect(spool / "panel.db") as store:
            count = store.execute("SELECT count(*) FROM contributors WHERE name IS NOT NULL").fetchone()[0]
        store.close()
        return count

    def assert_shown(self, named: int, shown: int) -> None:
        self.assertEqual((self.ask(self.NAMED), self.ask(self.SHOWN)), ([(named,)], [(shown,)]))

    def _both_ways(self) -> None:
        spool, drawings = self.store(100)
        stale = shutil.copytree(spool, self.place / "stale")
        self.sync(spool)
        self.assert_shown(8, 70)
        self.anonymise(spool)
        told = self.sync(spool)
        self.assertEqual((told.status, told.report["uploaded"], told.report["names_dropped_here"]), (0, 0, 0), told.complaint)
        self.assert_shown(0, 0)
        # A copy from before brings nothing back, and loses its own.
        self.assertEqual(self.names(stale), 8)
        told = self.sync(stale)
        self.assertEqual((told.status, told.report["names_dropped_here"]), (0, 8), told.complaint)
        self.assertEqual(self.names(stale), 0)
        self.assert_shown(0, 0)
        self.assertEqual(self.sync(stale).report["names_dropped_here"], 0)
        # Who comes later is shown.
        more = samples.add(spool, samples.drawings(20, samples.identity(spool), seed=9, first=301))
        self.assertEqual(self.sync(spool).report["uploaded"], 20)
        self.assertGreater(self.ask(self.NAMED)[0][0], 0)
        self.assert_whole(drawings + more)

    def test_they_go_there_and_come_from_there_and_no_older_copy_brings_them_back(self):
        self._both_ways()

    def test_they_leave_the_web_collectors_table_too(self):
        self.ask(test_postgres_web.WebCollectorsTable.TABLE)
        self._both_ways()

    def test_a_database_that_has_lost_them_is_told_again(self):
        spool, _ = self.store(100)
        self.sync(spool)
        self.anonymise(spool)
        self.sync(spool)
        self.ask("UPDATE digit_panel.contributors SET name = 'Ada', dropped = false")
        self.assertGreater(self.ask(self.SHOWN)[0][0], 0)
        self.assertEqual(self.sync(spool).status, 0)
        self.assert_shown(0, 0)

    def test_a_visitor_who_is_unknown_there_is_remembered(self):
        spool, drawings = self.store(100)
        stale = shutil.copytree(spool, self.place / "stale")
        self.sync(self.store(0, name="none")[0])
        self.anonymise(spool)
        with sqlite3.connect(spool / "panel.db") as store:
            # Nothing of these visitors is uploaded from here.
            store.execute("DELETE FROM samples")
            store.execute("DELETE FROM contributors")
        store.close()
        self.assertEqual(self.sync(spool).status, 0)
        told = self.sync(stale)
        self.assertEqual((told.status, told.report["uploaded"], told.report["names_dropped_here"]), (0, 100, 8), told.complaint)
        self.assert_shown(0, 0)
        self.assert_whole(drawings)


if __name__ == "__main__":
    unittest.main()
